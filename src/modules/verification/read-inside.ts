import { parseCode } from '#modules/documents/index.ts'
import { readEmbeddedFiles, textOf } from '#trust/pdf/embedded-files.ts'
import { PdfFile } from '#trust/pdf/file.ts'
import { isString } from '#trust/pdf/values.ts'

export interface Inside {
  files: Map<string, Buffer>
  /** `data.json`, whatever it holds. */
  data: unknown
  /** The validation code, which the document carries as its keyword. */
  code: string | undefined
}

const NOTHING: Inside = { files: new Map(), data: undefined, code: undefined }

/** What a file of ours carries for programs. Never throws for what the bytes are: whether to believe it, the signatures say. */
export function readInside(bytes: Buffer): Inside {
  try {
    const file = new PdfFile(bytes)
    const files = new Map(readEmbeddedFiles(file).map(({ name, bytes: content }) => [name, content]))
    return { files, data: readJson(files.get('data.json')), code: readCode(file) }
  } catch {
    return NOTHING
  }
}

function readJson(bytes: Buffer | undefined): unknown {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function readCode(file: PdfFile): string | undefined {
  const keywords = file.resolve(file.dict(file.trailer.get('Info'))?.get('Keywords'))
  return isString(keywords) ? parseCode(textOf(keywords).slice(0, 40)) : undefined
}
