import { OID } from '#trust/der/oids.ts'
import { context, DerError, readDer, TAG } from '#trust/der/read.ts'
import { decodePem } from './decode-pem.ts'

export type FileFormat =
  | 'pdf'
  | 'cms'
  | 'asic-e'
  | 'time-stamp'
  | 'time-stamp-response'
  | 'certificate'
  | 'log-proof'
  | 'checkpoint'
  | 'unknown'

export interface ToldFormat {
  format: FileFormat
  /** The file, out of its PEM armour where it came in one. */
  bytes: Buffer
}

/** A PDF may have other bytes before its header (ISO 32000-1, annex H.3). */
const LATEST_HEADER = 1024
const ZIP = Buffer.from('PK\x03\x04', 'latin1')
/** More is not read as text. */
const LARGEST_TEXT = 256 * 1024

/** What a file is, by its bytes: neither its name nor what somebody says of it counts. Nothing is verified. */
export function tellFormat(file: Buffer): ToldFormat {
  // First: a container whose first file is a PDF has that one's header near its own beginning.
  if (file.subarray(0, 4).equals(ZIP)) return { format: 'asic-e', bytes: file }
  if (file.subarray(0, LATEST_HEADER).includes('%PDF-')) return { format: 'pdf', bytes: file }
  if (file[0] === TAG.sequence) return { format: formatOfDer(file), bytes: file }
  if (file.length > LARGEST_TEXT) return { format: 'unknown', bytes: file }
  const text = file.toString('utf8')
  const inside = decodePem(text)
  if (inside) return { format: formatOfDer(inside), bytes: inside }
  return { format: formatOfText(text), bytes: file }
}

function formatOfText(text: string): FileFormat {
  if (text.startsWith('c2sp.org/tlog-proof@v1\n')) return 'log-proof'
  return /^[^\n]+\n(0|[1-9]\d*)\n[A-Za-z0-9+/]{43}=\n/.test(text) && text.includes('\n\n— ') ? 'checkpoint' : 'unknown'
}

/** By the first bytes of the structure only: what follows may be broken, and then the reader of that format says so. */
function formatOfDer(bytes: Buffer): FileFormat {
  const first = contentStart(bytes)
  if (first === undefined) return 'unknown'
  // ContentInfo begins with the OID of what it holds, the others with a SEQUENCE.
  if (bytes[first] === TAG.oid) return startsWithOid(bytes, first, OID.signedData) ? formatOfMessage(bytes) : 'unknown'
  if (bytes[first] !== TAG.sequence) return 'unknown'
  return isStatusInfo(bytes.subarray(first)) ? 'time-stamp-response' : 'certificate'
}

function formatOfMessage(bytes: Buffer): FileFormat {
  try {
    const outer = readDer(bytes, { maxBytes: bytes.length, maxDepth: 30, maxValues: 400_000 }).sequence()
    outer.next(TAG.oid)
    const body = outer.next(context(0)).explicit().sequence()
    body.next(TAG.integer)
    body.next(TAG.set)
    const content = body.next(TAG.sequence).inside().next(TAG.oid).oid()
    return content === OID.tstInfo ? 'time-stamp' : 'cms'
  } catch (error) {
    if (error instanceof DerError) return 'cms'
    throw error
  }
}

/**
 * PKIStatusInfo (RFC 3161, 2.4.2): a small INTEGER, then nothing, texts in UTF-8 or bits; a certificate or a list goes on with another
 * SEQUENCE.
 */
function isStatusInfo(bytes: Buffer): boolean {
  const start = contentStart(bytes)
  if (start === undefined) return false
  const [tag, length, status] = bytes.subarray(start)
  if (tag !== TAG.integer || length !== 1 || status! > 5) return false
  const rest = bytes.subarray(start + 3)
  if (bytes[1] === 3 || rest[0] === TAG.bitString) return true
  const inner = contentStart(rest)
  return inner !== undefined && rest[inner] === TAG.utf8String
}

function startsWithOid(bytes: Buffer, at: number, oid: string): boolean {
  try {
    return readDer(bytes.subarray(at, at + 2 + bytes[at + 1]!)).oid() === oid
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

/** Where the content of the first value begins; an indefinite length (0x80) is for the reader to refuse. */
function contentStart(bytes: Buffer): number | undefined {
  const length = bytes[1]
  if (bytes[0] !== TAG.sequence || length === undefined) return undefined
  return length <= 0x80 ? 2 : 2 + (length & 0x7f)
}
