import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import QRCode from 'qrcode'
import { fill, type Language } from '#kernel/texts.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import { readCoverage } from './font-coverage.ts'
import type { OfficialDocument } from './official-document.ts'
import { documentTexts } from './texts.ts'

/** PDF/A-3a. The same document, code and instant give the same bytes. */
export type DrawDocument = (document: OfficialDocument, code: string, createdAt: Date) => Buffer

export interface RendererSettings {
  /** Origin of the shop, for the verification link. */
  publicUrl: string
  /** The platform's name, in the running head. */
  platform: string
  accent: string
}

const templates = fileURLToPath(new URL('./templates', import.meta.url))
const main = join(templates, 'document.typ')
const KEPT_COMPILATIONS = 8

/**
 * One Typst compiler with the one template. People's words reach it as JSON, never as markup. It is synchronous: a page of
 * text costs a few milliseconds (bench/results.md).
 */
export function openDrawing({ publicUrl, platform, accent }: RendererSettings): DrawDocument {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/package.json'))
  const fontFolders = [join(fonts, '400Regular'), join(fonts, '700Bold')]
  const printable = printableWith(readCoverage(join(fonts, '400Regular', 'NotoSans_400Regular.ttf')))
  const compiler = NodeCompiler.create({
    workspace: templates,
    fontArgs: [{ fontPaths: fontFolders }],
  })
  return (document, code, createdAt) => {
    const files = filesOf(document)
    const shown = {
      ...mapTexts(describe(document), (text) => breakable(printable(text))),
      platform,
      brand: { accent },
      verification: { code, url: `${publicUrl}/verificar`, qr: drawQr(`${publicUrl}/verificar?codigo=${code}`) },
      files: files.map(({ path, type, relationship, description }) => ({ path, type, relationship, description })),
    }
    const shadows = [
      { path: join(templates, 'document.json'), bytes: Buffer.from(JSON.stringify(shown)) },
      ...files.map(({ path, bytes }) => ({ path: join(templates, path), bytes })),
    ]
    for (const { path, bytes } of shadows) compiler.mapShadow(path, bytes)
    try {
      const timestamp = Math.floor(createdAt.getTime() / 1000)
      return Buffer.from(
        compiler.pdf({ mainFilePath: main }, { pdfStandard: 'a-3a' as never, creationTimestamp: timestamp }),
      )
    } finally {
      for (const { path } of shadows) compiler.unmapShadow(path)
      compiler.evictCache(KEPT_COMPILATIONS)
    }
  }
}

interface ShownFile {
  path: string
  type: string
  bytes: Buffer
  relationship: 'data' | 'supplement'
  description: string
}

function filesOf({ data, attachments = [], language }: OfficialDocument): ShownFile[] {
  const description = { es: 'Los datos de este documento', en: 'The data of this document' }[language]
  const own: ShownFile = {
    path: '/data.json',
    type: 'application/json',
    bytes: Buffer.from(canonicalJson(data)),
    relationship: 'data',
    description,
  }
  return [own, ...attachments.map((each) => ({ ...each, path: `/${each.name}`, bytes: Buffer.from(each.bytes) }))]
}

function describe({ title, subtitle, institution, unit, folio, blocks, language }: OfficialDocument) {
  return {
    title,
    subtitle: subtitle ?? null,
    issuer: institution,
    institution,
    unit: unit ?? null,
    folio: folio ?? null,
    language,
    blocks,
    labels: labelsIn(language),
  }
}

function labelsIn(language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(documentTexts).map(([key, text]) => [key, fill(text[language], {})]))
}

/**
 * What paper can show: control and direction characters, which could make a page read as something else, are left out; a
 * character the font does not have is shown by its number. The data embedded beside keeps every character as it was.
 */
function printableWith(covered: ReadonlySet<number>): (text: string) => string {
  return (text) =>
    text.replace(/[^\n\x20-\x7e\u00a0-\u017f]/gu, (each) => {
      if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(each)) return ''
      return covered.has(each.codePointAt(0)!) ? each : `[U+${each.codePointAt(0)!.toString(16).toUpperCase()}]`
    })
}

const LONGEST_WORD = 36

/** A word that is longer than a line may break anywhere: nothing that is signed runs off the paper. */
const breakable = (text: string): string =>
  text.replace(/\S{37,}/gu, (word) =>
    [...word].map((each, i) => (i > 0 && i % LONGEST_WORD === 0 ? `\u200b${each}` : each)).join(''),
  )

/** Every text of a value, mapped. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') return map(value) as T
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)])) as T
}

/** Which of the eight patterns breaks up the modules does not matter to a reader; trying all to find the best costs most of the drawing. */
const MASK = 2

/** As one path of runs, so that it stays small. */
function drawQr(text: string): string {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M', maskPattern: MASK })
  const { size, data } = modules
  let path = ''
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const start = x
      while (x < size && data[y * size + x]) x += 1
      if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`
    }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${size + 4} ${size + 4}"><path d="${path}"/></svg>`
}
