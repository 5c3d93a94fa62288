import { createHash } from 'node:crypto'
import { type ManifestObject, writeManifest } from './manifest.ts'
import { META_INF, openContainer } from './open-container.ts'
import type { ZipEntry, ZipLimits } from './read-zip.ts'
import { openZipWriter } from './write-zip.ts'

export interface ArchiveQuestion {
  /** What the rewritten entries' dates say. */
  at: Date
  /**
   * New bytes of signatures that got what is needed to judge them since (their unsigned part), by entry. One that an earlier archive
   * time-stamp covers must stay as it is.
   */
  replaced?: ReadonlyMap<string, Buffer>
  limits?: ZipLimits
}

export interface PreparedArchive {
  /** ASiCArchiveManifest: what the time-stamp has to be over. */
  manifest: Buffer
  /** The container with the token (RFC 3161, DER) that somebody made meanwhile, piece by piece. */
  complete(token: Uint8Array): Generator<Buffer>
}

const NEWEST = `${META_INF}ASiCArchiveManifest.xml`

/**
 * The first of two steps to an archive time-stamp over a whole container (EN 319 162-1, A.7): every file in it, signatures and earlier
 * archive manifests with their tokens among them. The newest manifest has the name without a number, so the one before gets one.
 * Throws AsicError for what is no container, RangeError for a replaced entry that is not there.
 */
export function prepareArchive(file: Buffer, { at, replaced = new Map(), limits }: ArchiveQuestion): PreparedArchive {
  const { entries } = openContainer(file, limits)
  for (const name of replaced.keys()) if (!entries.has(name)) throw new RangeError('what is replaced is not there')
  const earlier = freeName(entries, (number) => `${META_INF}ASiCArchiveManifest${number}.xml`)
  const token = freeName(entries, (number) => `${META_INF}timestamp${number}.tst`)
  const nameOf = ({ name }: ZipEntry) => (name === NEWEST ? earlier : name)
  const bytesOf = ({ name, read }: ZipEntry) => replaced.get(name) ?? read()
  const files = [...entries.values()]
  const objects = files
    .filter(({ name }) => name !== 'mimetype')
    .map(
      (entry): ManifestObject => ({
        name: nameOf(entry),
        mimeType: undefined,
        hash: 'sha256',
        digest: createHash('sha256').update(bytesOf(entry)).digest(),
        rootFile: entry.name === NEWEST,
      }),
    )
  const manifest = writeManifest({
    signature: token,
    signatureType: 'application/vnd.etsi.timestamp-token',
    objects,
  })
  return {
    manifest,
    *complete(stamped) {
      const zip = openZipWriter(at)
      for (const entry of files) yield* zip.entry(nameOf(entry), bytesOf(entry))
      yield* zip.entry(NEWEST, manifest)
      yield* zip.entry(token, Buffer.from(stamped))
      yield zip.end()
    },
  }
}

function freeName(entries: ReadonlyMap<string, ZipEntry>, named: (number: string) => string): string {
  for (let number = 1; ; number++) {
    const name = named(String(number).padStart(3, '0'))
    if (!entries.has(name)) return name
  }
}
