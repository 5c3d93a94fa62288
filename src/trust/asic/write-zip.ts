import { crc32 } from 'node:zlib'
import { checkEntryName, checkEntryNames } from './entry-name.ts'
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  dosTime,
  END_BYTES,
  END_SIGNATURE,
  FLAG,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  STORED,
} from './zip-format.ts'

const MOST_ENTRIES = 0xfffe
const MOST_BYTES = 0xfffffffe
const VERSION = 10
/** Made by Unix, whose mode then says: a plain file, to be read by all and written by its owner. */
const MADE_BY = (3 << 8) | 20
const PLAIN_FILE = (0o100644 << 16) >>> 0

export interface ZipWriter {
  /** The bytes that come next in the file: the entry's header, and its content as it is. */
  entry(name: string, bytes: Buffer): Buffer[]
  /** The directory; nothing may follow. */
  end(): Buffer
}

/**
 * Writes a ZIP file entry by entry, nothing compressed, no extra field, no comment: the same bytes for the same entries and time,
 * whatever machine or zlib. Keeps some 100 bytes an entry.
 * @param at what the entries' dates say, in UTC
 */
export function openZipWriter(at: Date): ZipWriter {
  const stamp = dosTime(at)
  const names: string[] = []
  const directory: Buffer[] = []
  let offset = 0
  return {
    entry(name, bytes) {
      checkEntryName(name)
      names.push(name)
      const nameBytes = Buffer.from(name, 'utf8')
      const shared = sharedFields(nameBytes, bytes, stamp)
      const local = Buffer.alloc(LOCAL_BYTES)
      local.writeUInt32LE(LOCAL_SIGNATURE)
      shared.copy(local, 4)
      directory.push(centralHeader(shared, offset), nameBytes)
      offset += LOCAL_BYTES + nameBytes.length + bytes.length
      if (offset > MOST_BYTES || names.length > MOST_ENTRIES) throw new RangeError('more than a ZIP file holds')
      return [local, nameBytes, bytes]
    },
    end() {
      checkEntryNames(names)
      const central = Buffer.concat(directory)
      return Buffer.concat([central, endRecord(names.length, central.length, offset)])
    },
  }
}

/** From "version needed" to "extra field length": the same in both headers (4.3.7, 4.3.12). */
function sharedFields(name: Buffer, bytes: Buffer, { date, time }: { date: number; time: number }): Buffer {
  const isAscii = name.every((byte) => byte < 0x80)
  const fields = Buffer.alloc(LOCAL_BYTES - 4)
  fields.writeUInt16LE(VERSION)
  fields.writeUInt16LE(isAscii ? 0 : FLAG.utf8, 2)
  fields.writeUInt16LE(STORED, 4)
  fields.writeUInt16LE(time, 6)
  fields.writeUInt16LE(date, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

function centralHeader(shared: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_BYTES)
  header.writeUInt32LE(CENTRAL_SIGNATURE)
  header.writeUInt16LE(MADE_BY, 4)
  shared.copy(header, 6)
  header.writeUInt32LE(PLAIN_FILE, 38)
  header.writeUInt32LE(offset, 42)
  return header
}

function endRecord(entries: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END_SIGNATURE)
  end.writeUInt16LE(entries, 8)
  end.writeUInt16LE(entries, 10)
  end.writeUInt32LE(directoryBytes, 12)
  end.writeUInt32LE(directoryAt, 16)
  return end
}
