import { createHash } from 'node:crypto'
import { AsicError } from './errors.ts'
import type { ManifestHash } from './manifest.ts'
import { readZip, type ZipEntry, type ZipLimits } from './read-zip.ts'

export const ASIC_E_TYPE = 'application/vnd.etsi.asic-e+zip'
export const META_INF = 'META-INF/'

/** What an entry is by its name (EN 319 162-1, 4.4.3 and 4.4.4). */
export interface Container {
  entries: ReadonlyMap<string, ZipEntry>
  dataObjects: ZipEntry[]
  manifests: ZipEntry[]
  /** Detached CAdES messages. */
  signatures: ZipEntry[]
  /** In META-INF, and none of the others: also signatures of kinds that are not read here. */
  others: ZipEntry[]
}

/** Of one file, as far as it was asked for. */
export type Digests = Partial<Record<ManifestHash, Buffer>>

/** Of manifests, of signatures: more is nobody's case and costs whoever looks. */
const MOST = 64

/** Reads the container and sorts what is in it. Throws AsicError. */
export function openContainer(file: Buffer, limits?: ZipLimits): Container {
  const all = readZip(file, limits)
  checkType(all)
  const files = all.filter(({ name }) => !name.endsWith('/'))
  const meta = files.filter(({ name }) => name.startsWith(META_INF))
  const named = (pattern: RegExp) => meta.filter(({ name }) => pattern.test(name))
  const manifests = named(/^META-INF\/[^/]*ASiC(Archive)?Manifest[^/]*\.xml$/i)
  const signatures = named(/^META-INF\/[^/]*signature[^/]*\.p7s$/i)
  if (manifests.length > MOST || signatures.length > MOST)
    throw new AsicError('too-large', 'the container has more signatures than are read')
  if (all.some(({ name }) => /^meta-inf(\/|$)/i.test(name) && !name.startsWith(META_INF)))
    throw new AsicError('unsafe-name', 'the container has something that some systems take for its META-INF')
  return {
    entries: new Map(files.map((entry) => [entry.name, entry])),
    dataObjects: files.filter(({ name }) => name !== 'mimetype' && !name.startsWith(META_INF)),
    manifests,
    signatures,
    others: meta.filter((entry) => !manifests.includes(entry) && !signatures.includes(entry)),
  }
}

/** A.1: where it is said, it is the first entry, as it is, with nothing between; no other type is read here. */
function checkType(entries: readonly ZipEntry[]): void {
  const at = entries.findIndex(({ name }) => name === 'mimetype')
  if (at === -1) return
  const { size, plain, read } = entries[at]!
  if (at !== 0 || !plain || size > 100 || read().toString('latin1') !== ASIC_E_TYPE)
    throw new AsicError('not-asic-e', 'the container does not say that it is ASiC-E as it must')
}

/**
 * Every file's digest, by its name, with each of the algorithms: each is unpacked once, one at a time, and none is left out, so that
 * what nobody refers to is known to be whole too. Throws AsicError.
 */
export function measure(files: Iterable<ZipEntry>, hashes: readonly ManifestHash[]): Map<string, Digests> {
  const measured = new Map<string, Digests>()
  for (const { name, read } of files) {
    const bytes = read()
    measured.set(name, Object.fromEntries(hashes.map((hash) => [hash, createHash(hash).update(bytes).digest()])))
  }
  return measured
}
