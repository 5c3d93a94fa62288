import { fillByteRange } from '#trust/pdf/empty-signature.ts'
import { emptySignature, type PreparedPdf, type SignatureField, signatureWidget } from '#trust/pdf/prepare-signature.ts'
import { pdfDate, writeText } from '#trust/pdf/write.ts'
import { informationOf, type Metadata, packetOf } from './metadata.ts'
import { Objects, ref } from './objects.ts'
import { type Faces, SHEET, type Sheet } from './sheets.ts'
import type { Tag } from './structure.ts'
import { writeFont } from './write-font.ts'
import { writeStructure } from './write-structure.ts'

/** A file that travels inside the document (ISO 19005-3, 6.8). */
export interface AssociatedFile {
  name: string
  /** Media type. */
  type: string
  bytes: Uint8Array
  relationship: 'data' | 'supplement'
  description: string
}

export interface ArchivePdf {
  metadata: Metadata
  sheets: readonly Sheet[]
  tree: Tag
  faces: Faces
  files: readonly AssociatedFile[]
  /** ICC profile of the colours. */
  sRgb: Buffer
  /** The empty field for whoever is to sign it: there from the first byte on, so that nothing has to be added. */
  field: SignatureField
}

/**
 * Writes a tagged PDF/A-3a (ISO 19005-3 over ISO 32000-1): fonts embedded with what each glyph says, one colour space, every run of
 * content in the structure or declared decoration, the files associated with the document. The same parts give the same bytes.
 */
export function writeArchivePdf({ metadata, sheets, tree, faces, files, sRgb, field }: ArchivePdf): PreparedPdf {
  const objects = new Objects()
  const [catalog, pages] = [objects.reserve(), objects.reserve()]
  const information = objects.add(informationOf(metadata))
  const packet = objects.stream('/Type /Metadata /Subtype /XML', packetOf(metadata), 'as it is')
  const profile = objects.stream('/N 3', sRgb)
  const fonts = Object.entries(faces).map(([name, face]) => `/${name} ${ref(writeFont(objects, face))}`)
  const empty = emptySignature(field)
  const signature = objects.add(empty.text)
  const widget = objects.reserve()
  const leaves = sheets.map(({ drawn }, i) => {
    const content = objects.stream('', Buffer.from(drawn.join(''), 'latin1'))
    return objects.add(
      `<</Type /Page /Parent ${ref(pages)} /MediaBox [0 0 ${SHEET.width} ${SHEET.height}] /Resources <</Font <<${fonts.join(' ')}>>>> /Contents ${ref(content)} /StructParents ${i} /Tabs /S${i === 0 ? ` /Annots [${ref(widget)}]` : ''}>>`,
    )
  })
  objects.set(widget, signatureWidget(field.fieldName, signature, { num: leaves[0]!, gen: 0 }))
  objects.set(pages, `<</Type /Pages /Kids [${leaves.map(ref).join(' ')}] /Count ${leaves.length}>>`)
  const structure = writeStructure(objects, tree, sheets, leaves)
  const names = [...files]
    .sort(byName)
    .map((file) => ({ name: writeText(file.name), num: writeFile(objects, file, metadata.createdAt) }))
  objects.set(
    catalog,
    [
      `<</Type /Catalog /Pages ${ref(pages)} /Lang ${writeText(metadata.language)} /Metadata ${ref(packet)}`,
      `/MarkInfo <</Marked true>> /StructTreeRoot ${ref(structure)} /ViewerPreferences <</DisplayDocTitle true>>`,
      `/OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile ${ref(profile)}>>]`,
      `/AcroForm <</Fields [${ref(widget)}] /SigFlags 3>>`,
      `/AF [${names.map(({ num }) => ref(num)).join(' ')}]`,
      `/Names <</EmbeddedFiles <</Names [${names.map(({ name, num }) => `${name} ${ref(num)}`).join(' ')}]>>>>>>`,
    ].join(' '),
  )
  const { bytes, placeOf } = objects.finish(catalog, information)
  return fillByteRange(bytes, placeOf(signature), empty)
}

/** As a name tree wants its keys (ISO 32000-1, 7.9.6): byte by byte, and what is not ASCII begins with a byte order mark. */
function byName(a: AssociatedFile, b: AssociatedFile): number {
  const [one, other] = [a, b].map(({ name }) => (/^[\x20-\x7e]*$/.test(name) ? ` ${name}` : `\ufeff${name}`))
  return one! < other! ? -1 : 1
}

/** What is packed already would only cost time to pack again. */
const PACKED = /^(image\/(jpeg|png)|application\/(pdf|zip))$/

const RELATIONSHIP = { data: '/Data', supplement: '/Supplement' }

/** @returns the number of its file specification (ISO 32000-1, 7.11.3, 7.11.4) */
function writeFile(
  objects: Objects,
  { name, type, bytes, relationship, description }: AssociatedFile,
  at: Date,
): number {
  const subtype = type.replace(/[^A-Za-z0-9.+-]/g, (each) => `#${each.charCodeAt(0).toString(16).padStart(2, '0')}`)
  const file = objects.stream(
    `/Type /EmbeddedFile /Subtype /${subtype} /Params <</Size ${bytes.length} /ModDate ${writeText(pdfDate(at))}>>`,
    bytes,
    PACKED.test(type) ? 'as it is' : 'pack',
  )
  return objects.add(
    `<</Type /Filespec /F ${writeText(name)} /UF ${writeText(name)} /Desc ${writeText(description)} /AFRelationship ${RELATIONSHIP[relationship]} /EF <</F ${ref(file)} /UF ${ref(file)}>>>>`,
  )
}
