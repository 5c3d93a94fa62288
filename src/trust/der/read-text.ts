import { DerError } from './errors.ts'
import { TAG } from './tags.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true })

/** Whether `tag` is one of the string types of X.680. */
export function isTextTag(tag: number): boolean {
  switch (tag) {
    case TAG.utf8String:
    case TAG.numericString:
    case TAG.printableString:
    case TAG.teletexString:
    case TAG.ia5String:
    case TAG.visibleString:
    case TAG.generalString:
    case TAG.universalString:
    case TAG.bmpString:
      return true
    default:
      return false
  }
}

/**
 * The characters of a string type. Authorities put Ñ and accents into PrintableString and its like, as UTF-8 or as
 * Latin-1; so bytes beyond ASCII in the one-byte types are read as UTF-8 where they are UTF-8, else as Latin-1.
 */
export function readText(tag: number, content: Buffer, offset: number): string {
  switch (tag) {
    case TAG.bmpString:
      return decode(utf16, content, offset)
    case TAG.universalString:
      return readUtf32(content, offset)
    case TAG.utf8String:
      return isAscii(content) ? content.toString('latin1') : decode(utf8, content, offset)
    default:
      if (!isTextTag(tag)) throw new DerError('bad-string', offset)
      return isAscii(content) ? content.toString('latin1') : readUtf8OrLatin1(content)
  }
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false
  return true
}

function readUtf8OrLatin1(content: Buffer): string {
  try {
    return utf8.decode(content)
  } catch {
    return content.toString('latin1')
  }
}

function decode(decoder: TextDecoder, content: Buffer, offset: number): string {
  try {
    return decoder.decode(content)
  } catch {
    throw new DerError('bad-string', offset)
  }
}

function readUtf32(content: Buffer, offset: number): string {
  if (content.length % 4 !== 0) throw new DerError('bad-string', offset)
  let text = ''
  for (let i = 0; i < content.length; i += 4) {
    const point = content.readUInt32BE(i)
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new DerError('bad-string', offset)
    text += String.fromCodePoint(point)
  }
  return text
}
