import type { ByteRange } from './byte-range.ts'
import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { isRef, type PdfDict, type PdfRef, type PdfValue } from './values.ts'
import { pdfDate, writeText, writeValue } from './write.ts'

export interface SignatureField {
  fieldName: string
  /** The signer, as shown by viewers (/Name). */
  name?: string
  reason?: string
  location?: string
  /** The claimed time (/M): PAdES keeps it here, not in a signed attribute (EN 319 142-1, 5.3). */
  signingTime: Date
  /** Room for the CMS, bytes. */
  contentsSize?: number
}

export interface PreparedPdf {
  pdf: Buffer
  byteRange: ByteRange
}

/** RSA-2048 certificate and signature, with room for a time-stamp token. */
const CONTENTS_SIZE = 9000
const RANGE_ROOM = '0 0000000000 0000000000 0000000000'.length

/**
 * Adds an empty, invisible signature field as an incremental update: the bytes before it stay as they are, so an earlier
 * signature stays valid. PDF/A: the widget has no size and so needs no appearance, and no default resources are added.
 * @throws PdfError
 */
export function prepareSignature(pdf: Buffer, field: SignatureField): PreparedPdf {
  const file = new PdfFile(pdf)
  const root = file.trailer.get('Root')
  if (!isRef(root) || file.encrypted)
    throw new PdfError(file.encrypted ? 'encrypted' : 'broken', 'the file cannot be signed')
  const size = file.size
  const [signature, widget] = [size, size + 1]
  const page = firstPage(file)
  const update = new Update(pdf, file)
  const empty = emptySignature(field)
  const placed = update.add(signature, empty.text)
  update.add(widget, signatureWidget(field.fieldName, signature, page.ref))
  const next = addToForm(file, update, root, { num: widget, gen: 0 }, size + 2)
  addToPage(file, update, page, { num: widget, gen: 0 })
  return fillByteRange(update.finish(next), placed, empty)
}

/** A signature's object before anybody signed, with the places in its text that are filled later. */
export interface EmptySignature {
  text: string
  rangeStart: number
  gapStart: number
  gapEnd: number
}

/**
 * Says in the signature what it covers: everything but its own gap.
 * @param placed where the object's text begins in the finished file
 */
export function fillByteRange(pdf: Buffer, placed: number, empty: EmptySignature): PreparedPdf {
  const gapStart = placed + empty.gapStart
  const gapEnd = placed + empty.gapEnd
  const byteRange = [0, gapStart, gapEnd, pdf.length - gapEnd] as const
  const range = `[0 ${byteRange.slice(1).join(' ')}]`.padEnd(RANGE_ROOM + 2)
  pdf.write(range, placed + empty.rangeStart, 'latin1')
  return { pdf, byteRange }
}

export function emptySignature(field: SignatureField): EmptySignature {
  const zeros = '0'.repeat((field.contentsSize ?? CONTENTS_SIZE) * 2)
  const optional = [
    ['Name', field.name],
    ['Reason', field.reason],
    ['Location', field.location],
  ].map(([key, text]) => (text ? `/${key} ${writeText(text)} ` : ''))
  const head = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${optional.join('')}/M ${writeText(pdfDate(field.signingTime))} /ByteRange `
  const range = `[${' '.repeat(RANGE_ROOM)}]`
  const between = ' /Contents '
  const rangeStart = head.length
  const gapStart = rangeStart + range.length + between.length
  return { text: `${head}${range}${between}<${zeros}> >>`, rangeStart, gapStart, gapEnd: gapStart + zeros.length + 2 }
}

export function signatureWidget(name: string, signature: number, page: PdfRef): string {
  // F 132: printed and locked.
  return `<< /Type /Annot /Subtype /Widget /FT /Sig /T ${writeText(name)} /V ${signature} 0 R /P ${page.num} ${page.gen} R /Rect [0 0 0 0] /F 132 >>`
}

/** @returns the first number that is free after it */
function addToForm(file: PdfFile, update: Update, root: PdfRef, widget: PdfRef, free: number): number {
  const catalog = file.catalog
  const formValue = catalog.get('AcroForm')
  const form: PdfDict = new Map(file.dict(formValue) ?? [])
  const fields = file.array(form.get('Fields')) ?? []
  form.set('Fields', [...fields, widget])
  form.set('SigFlags', 3)
  if (isRef(formValue)) {
    update.add(formValue.num, writeValue(form))
    return free
  }
  update.add(free, writeValue(form))
  update.add(root.num, writeValue(new Map([...catalog, ['AcroForm', { num: free, gen: 0 } satisfies PdfRef]])))
  return free + 1
}

interface Page {
  ref: PdfRef
  dict: PdfDict
}

function addToPage(file: PdfFile, update: Update, page: Page, widget: PdfRef): void {
  const value = page.dict.get('Annots')
  const annotations = [...(file.array(value) ?? []), widget]
  if (isRef(value)) update.add(value.num, writeValue(annotations))
  else update.add(page.ref.num, writeValue(new Map([...page.dict, ['Annots', annotations as PdfValue]])))
}

function firstPage(file: PdfFile): Page {
  let node: PdfValue = file.catalog.get('Pages') ?? null
  for (let depth = 0; depth < 64 && isRef(node); depth += 1) {
    const dict = file.dict(node)
    const [kid] = file.array(dict?.get('Kids')) ?? []
    if (dict && kid === undefined) return { ref: node, dict }
    node = kid ?? null
  }
  throw new PdfError('broken', 'the file has no page')
}

/** Objects written after the end of a file, and the cross-references that lead to them. */
class Update {
  private readonly file: PdfFile
  private readonly chunks: Buffer[]
  private length: number
  private readonly offsets = new Map<number, number>()

  constructor(pdf: Buffer, file: PdfFile) {
    this.file = file
    const glue = pdf.at(-1) === 10 ? '' : '\n'
    this.chunks = [pdf, Buffer.from(glue, 'latin1')]
    this.length = pdf.length + glue.length
  }

  /** @returns where the object's own text begins */
  add(num: number, text: string): number {
    const head = `${num} 0 obj\n`
    this.offsets.set(num, this.length)
    const start = this.length + head.length
    this.append(Buffer.from(`${head}${text}\nendobj\n`, 'latin1'))
    return start
  }

  finish(size: number): Buffer {
    const { trailer, startxref, sections } = this.file
    const kept = ['Root', 'Info', 'ID']
      .filter((key) => trailer.has(key))
      .map((key) => [key, trailer.get(key)!] as const)
    const fields: PdfDict = new Map<string, PdfValue>([['Size', size], ...kept, ['Prev', startxref]])
    const start = this.length
    // A file whose references are streams goes on with streams (ISO 32000-1, 7.5.8.4).
    if (sections[0]!.kind === 'stream') this.appendStream(size, fields)
    else this.append(Buffer.from(`xref\n${this.table()}trailer\n${writeValue(fields)}\n`, 'latin1'))
    this.append(Buffer.from(`startxref\n${start}\n%%EOF\n`, 'latin1'))
    return Buffer.concat(this.chunks)
  }

  private appendStream(size: number, fields: PdfDict): void {
    this.offsets.set(size, this.length)
    const numbers = [...this.offsets.keys()].sort((a, b) => a - b)
    const data = Buffer.alloc(numbers.length * 7)
    numbers.forEach((num, i) => {
      data[i * 7] = 1
      data.writeUInt32BE(this.offsets.get(num)!, i * 7 + 1)
    })
    const dict: PdfDict = new Map<string, PdfValue>([
      ...fields,
      ['Type', { name: 'XRef' }],
      ['Size', size + 1],
      ['W', [1, 4, 2]],
      ['Index', numbers.flatMap((num) => [num, 1])],
      ['Length', data.length],
    ])
    this.append(
      Buffer.concat([
        Buffer.from(`${size} 0 obj\n${writeValue(dict)}\nstream\n`, 'latin1'),
        data,
        Buffer.from('\nendstream\nendobj\n'),
      ]),
    )
  }

  private table(): string {
    const numbers = [...this.offsets.keys()].sort((a, b) => a - b)
    let text = ''
    for (let i = 0; i < numbers.length; ) {
      let j = i + 1
      while (j < numbers.length && numbers[j] === numbers[j - 1]! + 1) j += 1
      text += `${numbers[i]} ${j - i}\n`
      for (; i < j; i += 1) text += `${String(this.offsets.get(numbers[i]!)).padStart(10, '0')} 00000 n \n`
    }
    return text
  }

  private append(bytes: Buffer): void {
    this.chunks.push(bytes)
    this.length += bytes.length
  }
}
