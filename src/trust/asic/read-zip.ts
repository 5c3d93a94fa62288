import { crc32 } from 'node:zlib'
import { checkEntryName, checkEntryNames } from './entry-name.ts'
import { AsicError } from './errors.ts'
import { inflateWhole } from './inflate-whole.ts'
import { DEFLATED, DESCRIPTOR_SIGNATURE, FLAG } from './zip-format.ts'
import { type CentralHeader, type EndRecord, findEnd, readCentralHeader, readLocalHeader } from './zip-headers.ts'

export interface ZipEntry {
  /** Relative, with slashes; a folder's ends in one. */
  name: string
  /** Once unpacked, in bytes. */
  size: number
  /** Whether it lies in the file as it is, with nothing between its name and it. */
  plain: boolean
  /** Unpacks it anew each time, so that never more than one is in memory. Throws AsicError where it is not what the directory says. */
  read(): Buffer
}

export interface ZipLimits {
  entries: number
  /** Of the file. */
  bytes: number
  /** That all packed entries together unpack to, so that what a file costs is bounded by what it is. */
  unpacked: number
  /** How many bytes one may become, beyond the first MiB of an entry. */
  ratio: number
}

const MIB = 1024 * 1024

const ZIP_LIMITS: ZipLimits = { entries: 2000, bytes: 512 * MIB, unpacked: 128 * MIB, ratio: 200 }

/**
 * A ZIP file that every reader reads alike: entries one after the other from the first byte, in the order of the directory, each
 * with one description said twice; then the directory, then its end, then nothing. No encryption, links, Zip64, archive or entry
 * comments (but the one that names the container's type), unsafe or clashing names. What it will unpack to is known, and bounded,
 * before anything is unpacked; nothing is until it is read. Throws AsicError, nothing else.
 */
export function readZip(file: Buffer, limits: ZipLimits = ZIP_LIMITS): ZipEntry[] {
  if (file.length > limits.bytes) throw new AsicError('too-large', 'the file is larger than what is read')
  const end = findEnd(file)
  if (end.entries > limits.entries) throw new AsicError('too-large', 'the file has more entries than are read')
  const headers = readDirectory(file, end)
  checkEntryNames(headers.map(({ name }) => name))
  checkSizes(headers, limits)
  let at = 0
  const entries: ZipEntry[] = []
  for (const header of headers) {
    const read = readEntry(file, header, at, end)
    at = read.next
    entries.push(read.entry)
  }
  if (at !== end.directoryAt) throw new AsicError('not-zip', 'bytes lie between the entries and the directory')
  return entries
}

function readDirectory(file: Buffer, { directoryAt, endAt, entries }: EndRecord): CentralHeader[] {
  const headers: CentralHeader[] = []
  let at = directoryAt
  for (let i = 0; i < entries; i++) {
    const header = readCentralHeader(file, at, endAt)
    checkEntryName(header.name)
    headers.push(header)
    at = header.next
  }
  if (at !== endAt) throw new AsicError('not-zip', 'the directory holds something else than its entries')
  return headers
}

function checkSizes(headers: readonly CentralHeader[], { unpacked, ratio }: ZipLimits): void {
  let total = 0
  for (const { size, packed, name, method } of headers) {
    if (method === DEFLATED) total += size
    if (name.endsWith('/') && size > 0) throw new AsicError('not-zip', 'a folder has content')
    if (total > unpacked) throw new AsicError('too-large', 'the file unpacks to more than what is read')
    if (size > MIB + packed * ratio) throw new AsicError('too-large', 'an entry unpacks to far more than it is')
  }
}

function readEntry(file: Buffer, header: CentralHeader, at: number, end: EndRecord): { entry: ZipEntry; next: number } {
  if (header.localAt !== at) throw new AsicError('not-zip', 'the entries overlap, leave gaps or stand in another order')
  const { dataAt, extraBytes } = readLocalHeader(file, at, end.directoryAt, header)
  const dataEnd = dataAt + header.packed
  if (dataEnd > end.directoryAt) throw new AsicError('not-zip', 'an entry reaches beyond its place')
  const { name, size, method, flags } = header
  const data = file.subarray(dataAt, dataEnd)
  const next = flags & FLAG.descriptor ? passDescriptor(file, dataEnd, header) : dataEnd
  const plain = method !== DEFLATED && extraBytes === 0
  return { entry: { name, size, plain, read: () => unpack(data, header) }, next }
}

function unpack(data: Buffer, { method, size, crc }: CentralHeader): Buffer {
  const bytes = method === DEFLATED ? inflateWhole(data, size) : data
  if (crc32(bytes) !== crc) throw new AsicError('damaged', 'an entry’s checksum is not that of its bytes')
  return bytes
}

/** What a writer that did not know the sizes beforehand says after the data (4.3.9), with or without its signature. */
function passDescriptor(file: Buffer, at: number, { crc, packed, size }: CentralHeader): number {
  const says = (start: number) =>
    start + 12 <= file.length &&
    file.readUInt32LE(start) === crc &&
    file.readUInt32LE(start + 4) === packed &&
    file.readUInt32LE(start + 8) === size
  if (at + 4 <= file.length && file.readUInt32LE(at) === DESCRIPTOR_SIGNATURE && says(at + 4)) return at + 16
  if (says(at)) return at + 12
  throw new AsicError('not-zip', 'what follows an entry does not describe it')
}
