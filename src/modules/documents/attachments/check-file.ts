import sharp from 'sharp'
import { Refusal } from '#kernel/refusal.ts'
import { inspectPdf } from '#trust/pdf/inspect.ts'
import type { DocumentsCode } from '../errors.ts'

export interface CheckedFile {
  type: 'application/pdf' | 'image/jpeg' | 'image/png'
  bytes: Buffer
}

const MOST_PIXELS = 50_000_000
const LONGEST_SIDE = 4000
const WHITE = new Set([0, 9, 10, 12, 13, 26, 32])

/**
 * What a person attached, by what it is inside, whatever its name says. Images are drawn anew, which leaves behind places,
 * devices and anything hidden; PDFs are kept as they are and refused where they would do something by themselves.
 * @throws Refusal `file-…`
 */
export async function checkFile(bytes: Buffer, largest: number): Promise<CheckedFile> {
  if (bytes.length === 0) throw refuse('file-empty')
  if (bytes.length > largest) throw refuse('file-too-large', { limit: Math.floor(largest / 1_048_576) })
  if (bytes.subarray(0, 1024).includes('%PDF-')) return checkPdf(bytes)
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return redraw(bytes, 'image/jpeg')
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return redraw(bytes, 'image/png')
  throw refuse('file-type')
}

function checkPdf(bytes: Buffer): CheckedFile {
  const found = inspectPdf(bytes)
  if (found.encrypted) throw refuse('file-encrypted')
  if (found.broken || hasTail(bytes)) throw refuse('file-broken')
  if (found.active) throw refuse('file-active')
  return { type: 'application/pdf', bytes }
}

/** Another file behind the end of this one: a program that reads from the end would find that one. */
function hasTail(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf('%%EOF')
  return end >= 0 && bytes.subarray(end + 5).some((byte) => !WHITE.has(byte))
}

async function redraw(bytes: Buffer, type: 'image/jpeg' | 'image/png'): Promise<CheckedFile> {
  await checkPixels(bytes)
  try {
    const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .rotate()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    const drawn = type === 'image/jpeg' ? image.jpeg({ quality: 85 }) : image.png()
    return { type, bytes: await drawn.toBuffer() }
  } catch {
    throw refuse('file-broken')
  }
}

/** By what the file says of itself, before anything of it is unpacked. */
async function checkPixels(bytes: Buffer): Promise<void> {
  const said = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (said && said.width * said.height > MOST_PIXELS)
    throw refuse('file-too-many-pixels', { limit: MOST_PIXELS / 1_000_000 })
}

function refuse(code: DocumentsCode, facts: Record<string, number> = {}): Refusal<DocumentsCode> {
  return new Refusal(code, facts, 422)
}
