import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { type Language, say } from '#kernel/texts.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import type { PreparedPdf, SignatureField } from '#trust/pdf/prepare-signature.ts'
import type { OfficialDocument } from './official-document.ts'
import { layOut } from './paper/lay-out.ts'
import { readTrueType, type TrueTypeFont } from './paper/true-type.ts'
import { Typeface } from './paper/typeface.ts'
import { type AssociatedFile, writeArchivePdf } from './paper/write-archive-pdf.ts'
import { documentTexts } from './texts.ts'

/** PDF/A-3a with an empty field for a signature. The same document, code, instant and field give the same bytes. */
export type DrawDocument = (
  document: OfficialDocument,
  code: string,
  createdAt: Date,
  field: SignatureField,
) => PreparedPdf

export interface DrawingSettings {
  /** Origin of the shop, for the verification link. */
  publicUrl: string
  /** The platform's name, in the running head. */
  platform: string
  /** `#rrggbb` */
  accent: string
}

/** Reads the fonts once; drawing a page of text then costs less than a millisecond (bench/results.md). */
export async function openDrawing({ publicUrl, platform, accent }: DrawingSettings): Promise<DrawDocument> {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/package.json'))
  const regular = readTrueType(join(fonts, '400Regular', 'NotoSans_400Regular.ttf'), 'NotoSans-Regular')
  const bold = readTrueType(join(fonts, '700Bold', 'NotoSans_700Bold.ttf'), 'NotoSans-Bold')
  const sRgb = await readSRgb()
  const printable = printableWith(regular, bold)
  const address = printable(`${publicUrl}/verificar`)
  return (document, code, createdAt, field) => {
    const { title, subtitle, institution, unit, folio, blocks, language } = mapTexts(wordsOf(document), printable)
    const faces = { regular: new Typeface(regular), bold: new Typeface(bold) }
    const { sheets, tree } = layOut(
      {
        platform: printable(platform),
        accent,
        institution,
        unit,
        title,
        subtitle,
        folio,
        blocks,
        verification: document.unkept ? undefined : { code, address, qr: `${publicUrl}/verificar?codigo=${code}` },
        labels: labelsIn(language),
        sheetLabel: (number, count) => say(documentTexts, 'sheet', language, { number, count }),
      },
      faces,
    )
    const metadata = { title, author: institution, language, keyword: document.unkept ? '' : code, createdAt }
    return writeArchivePdf({ metadata, sheets, tree, faces, files: filesOf(document), sRgb, field })
  }
}

/** The profile of the colours of screens, as it comes with the library for images. */
async function readSRgb(): Promise<Buffer> {
  const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000000' } })
  const { icc } = await sharp(await dot.withIccProfile('srgb').png().toBuffer()).metadata()
  if (!icc) throw new Error('the library for images has no sRGB profile')
  return icc
}

function filesOf({ data, attachments = [], language }: OfficialDocument): AssociatedFile[] {
  const description = { es: 'Los datos de este documento', en: 'The data of this document' }[language]
  const bytes = Buffer.from(canonicalJson(data))
  return [{ name: 'data.json', type: 'application/json', bytes, relationship: 'data', description }, ...attachments]
}

function wordsOf({ title, subtitle, institution, unit, folio, blocks, language }: OfficialDocument) {
  return { title, subtitle, institution, unit, folio, blocks, language }
}

function labelsIn(language: Language) {
  return Object.fromEntries(Object.entries(documentTexts).map(([key, text]) => [key, text[language]])) as Record<
    keyof typeof documentTexts,
    string
  >
}

/** Letters that join or change places, which this drawing does not do: their numbers are honest where their shapes would not be. */
const JOINING = /[\p{Script=Devanagari}]/u

/**
 * What paper can show: control and direction characters, which could make a page read as something else, are left out; a
 * character the fonts do not have is shown by its number. The data embedded beside keeps every character as it was.
 */
function printableWith(...fonts: TrueTypeFont[]): (text: string) => string {
  const covers = (codePoint: number) => fonts.every((font) => font.glyphOf(codePoint) > 0)
  return (text) => {
    if (/^[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u017f]*$/.test(text)) return text
    const lines = text.normalize('NFC').replace(/\r\n?|[\u2028\u2029]/g, '\n')
    return lines.replace(/[^\n\x20-\x7e\u00a0-\u00ac\u00ae-\u017f]/gu, (each) => {
      if (each === '\t') return ' '
      if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(each)) return ''
      const codePoint = each.codePointAt(0)!
      return covers(codePoint) && !JOINING.test(each) ? each : `[U+${codePoint.toString(16).toUpperCase()}]`
    })
  }
}

/** Every text of a value, mapped. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') return map(value) as T
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)])) as T
}
