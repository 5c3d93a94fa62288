import { type GeneralName, parseGeneralNames } from '#trust/certificate/general-name.ts'
import type { Name } from '#trust/certificate/name.ts'
import { type Extension, parseExtension } from '#trust/certificate/parse-certificate.ts'
import { type DerHeader, readHeader } from '#trust/der/check-der.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, DerValue, readDer, TAG } from '#trust/der/read.ts'
import { readTime } from '#trust/der/read-time.ts'

export interface RevokedEntry {
  revokedAt: Date
  /** CRLReason by its name; undefined where the entry gives none. */
  reason?: string
  /** Since when the key was suspect, where the authority says so. */
  invalidSince?: Date
}

/** The entries of a list, by offset and sorted by serial: a list of a million takes megabytes, not a million objects. */
export interface CrlEntries {
  count: number
  /** Whether some entry has a critical extension that is not known here (RFC 5280, 5.3). */
  hasUnknownCritical: boolean
  find(serial: Buffer, issuer: Name): RevokedEntry | undefined
  /** What another thread needs to look up in the same bytes. */
  index: EntryIndex
}

/** Made once by reading every entry; plain arrays, so that it passes from one thread to another. */
export interface EntryIndex {
  count: number
  hasUnknownCritical: boolean
  /** Offsets of the entries, in the list's order. */
  starts: Uint32Array
  /** The entries' numbers, sorted by their serials. */
  order: Uint32Array
  /** Where an entry names another issuer, the entries from there on are of that one (RFC 5280, 5.3.3): its number, and the bytes of the names. */
  issuers: Array<{ from: number; start: number; end: number }>
}

interface Scan extends EntryIndex {
  source: Buffer
}

/** Reads revokedCertificates, or nothing where the list has none. Throws DerError. */
export function indexEntries(list: DerValue | undefined, crlIssuer: Name): CrlEntries {
  if (!list) return openEntries(Buffer.alloc(0), NO_ENTRIES, crlIssuer)
  const scan = scanEntries(list)
  scan.order = sortBySerial(scan)
  const { source, ...index } = scan
  return openEntries(source, index, crlIssuer)
}

const NO_ENTRIES: EntryIndex = {
  count: 0,
  hasUnknownCritical: false,
  starts: new Uint32Array(0),
  order: new Uint32Array(0),
  issuers: [],
}

/** Looks up in bytes that were read into that index before; nothing is checked again. */
export function openEntries(source: Buffer, index: EntryIndex, crlIssuer: Name): CrlEntries {
  const scan: Scan = { source, ...index }
  const issuedBy = (entry: number, issuer: Name): boolean => {
    const names = issuerOf(scan, entry)
    return names
      ? names.some((each) => each.kind === 'directory' && each.name.key === issuer.key)
      : issuer.key === crlIssuer.key
  }
  return {
    count: scan.count,
    hasUnknownCritical: scan.hasUnknownCritical,
    index,
    find: (serial, issuer) => {
      let found: RevokedEntry | undefined
      for (let at = lowerBound(scan, serial); at < scan.count; at++) {
        const entry = scan.order[at]!
        if (compareSerial(scan, entry, serial) !== 0) break
        if (issuedBy(entry, issuer)) found = worse(found, readEntry(scan, entry))
      }
      return found
    },
  }
}

/** Of two entries of one certificate the one that weighs more: one that takes back never hides one that revokes, nor a later date an earlier one. */
function worse(a: RevokedEntry | undefined, b: RevokedEntry): RevokedEntry {
  if (!a || a.reason === 'removeFromCRL') return b
  if (b.reason === 'removeFromCRL') return a
  if ((a.reason === 'certificateHold') !== (b.reason === 'certificateHold'))
    return a.reason === 'certificateHold' ? b : a
  return sinceOf(b) < sinceOf(a) ? b : a
}

const sinceOf = ({ revokedAt, invalidSince = revokedAt }: RevokedEntry): number =>
  Math.min(revokedAt.getTime(), invalidSince.getTime())

const LONGEST_SERIAL = 64

const header: DerHeader = { contentStart: 0, end: 0 }

function scanEntries(list: DerValue): Scan {
  const { source, contentStart, end } = list.expect(TAG.sequence)
  // An entry takes at least 18 bytes.
  const starts = new Uint32Array(Math.ceil(list.length / 18) + 1)
  const scan: Scan = { source, ...NO_ENTRIES, starts, issuers: [] }
  for (let at = contentStart; at < end; at = header.end) {
    readHeader(source, at, end, header)
    if (source[at] !== TAG.sequence) throw new DerError('unexpected-tag', at)
    if (scan.count >= starts.length) throw new DerError('too-many-values', at)
    starts[scan.count] = at
    const entryEnd = header.end
    const extensions = checkEntry(source, header.contentStart, entryEnd)
    if (extensions < entryEnd) noteExtensions(scan, extensions, entryEnd)
    scan.count++
    header.end = entryEnd
  }
  if (scan.count === 0) throw new DerError('truncated', list.start)
  return scan
}

/** Serial and date are there; returns where the entry's extensions begin. */
function checkEntry(source: Buffer, start: number, end: number): number {
  readHeader(source, start, end, header)
  const length = header.end - header.contentStart
  if (source[start] !== TAG.integer || length === 0 || length > LONGEST_SERIAL) throw new DerError('bad-integer', start)
  const date = header.end
  readHeader(source, date, end, header)
  readTime(source[date]!, source.subarray(header.contentStart, header.end), date)
  return header.end
}

const KNOWN_ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([OID.reasonCode, OID.invalidityDate, OID.certificateIssuer])

// A lone reasonCode, which is what nearly every entry has: SEQUENCE { SEQUENCE { OID, OCTET STRING { ENUMERATED } } }.
const REASON_ONLY = Buffer.from('300c300a0603551d1504030a01', 'hex')

/** Reads each extension once, so that a look-up never meets one that cannot be read. */
function noteExtensions(scan: Scan, start: number, end: number): void {
  const { source } = scan
  if (
    end - start === REASON_ONLY.length + 1 &&
    source.compare(REASON_ONLY, 0, REASON_ONLY.length, start, end - 1) === 0
  )
    return
  for (const { oid, critical, value } of readExtensions(source, start, end)) {
    if (critical && !KNOWN_ENTRY_EXTENSIONS.has(oid)) scan.hasUnknownCritical = true
    if (oid === OID.certificateIssuer) noteIssuer(scan, value)
    if (oid === OID.reasonCode) readDer(value).smallInteger()
    if (oid === OID.invalidityDate) readDer(value).time()
  }
}

function noteIssuer({ source, issuers, count }: Scan, value: Buffer): void {
  parseGeneralNames(readDer(value))
  const start = value.byteOffset - source.byteOffset
  issuers.push({ from: count, start, end: start + value.length })
}

function readExtensions(source: Buffer, start: number, end: number): Extension[] {
  const own: DerHeader = { contentStart: 0, end: 0 }
  readHeader(source, start, end, own)
  if (own.end !== end) throw new DerError('trailing-bytes', own.end)
  return new DerValue(source, source[start]!, start, own.contentStart, own.end).items().map(parseExtension)
}

function sortBySerial(scan: Scan): Uint32Array {
  const order = Uint32Array.from({ length: scan.count }, (_, i) => i)
  let sorted = true
  for (let i = 1; i < scan.count && sorted; i++) sorted = compareEntries(scan, i - 1, i) <= 0
  return sorted ? order : order.sort((a, b) => compareEntries(scan, a, b))
}

// A serial's length fits one byte (LONGEST_SERIAL); an entry's may take more.
function serialStart({ source, starts }: Scan, entry: number): number {
  const start = starts[entry]!
  return start + 2 + (source[start + 1]! < 0x80 ? 0 : source[start + 1]! & 0x7f)
}

function compareEntries(scan: Scan, a: number, b: number): number {
  const at = serialStart(scan, b)
  return compareAt(scan, a, scan.source, at + 2, at + 2 + scan.source[at + 1]!)
}

const compareSerial = (scan: Scan, entry: number, serial: Buffer): number =>
  compareAt(scan, entry, serial, 0, serial.length)

function compareAt(scan: Scan, entry: number, other: Buffer, start: number, end: number): number {
  const { source } = scan
  const at = serialStart(scan, entry)
  const length = source[at + 1]!
  if (length !== end - start) return length - (end - start)
  for (let i = 0; i < length; i++) {
    const difference = source[at + 2 + i]! - other[start + i]!
    if (difference !== 0) return difference
  }
  return 0
}

function lowerBound(scan: Scan, serial: Buffer): number {
  let low = 0
  let high = scan.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareSerial(scan, scan.order[middle]!, serial) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function issuerOf({ source, issuers }: Scan, entry: number): GeneralName[] | undefined {
  let low = 0
  let high = issuers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (issuers[middle]!.from <= entry) low = middle + 1
    else high = middle
  }
  const named = issuers[low - 1]
  return named && parseGeneralNames(readDer(source.subarray(named.start, named.end)))
}

const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

/** The name of a CRLReason; undefined for a number without one. */
export const reasonName = (number: number): string | undefined => REASONS[number]

function readEntry({ source, starts }: Scan, entry: number): RevokedEntry {
  const start = starts[entry]!
  const own: DerHeader = { contentStart: 0, end: 0 }
  readHeader(source, start, source.length, own)
  const cursor = new DerValue(source, source[start]!, start, own.contentStart, own.end).sequence()
  cursor.next(TAG.integer)
  const revoked: RevokedEntry = { revokedAt: cursor.next().time() }
  for (const { oid, value } of cursor.more() ? cursor.next().items().map(parseExtension) : []) {
    if (oid === OID.reasonCode) revoked.reason = reasonName(readDer(value).smallInteger())
    if (oid === OID.invalidityDate) revoked.invalidSince = readDer(value).time()
  }
  cursor.done()
  return revoked
}
