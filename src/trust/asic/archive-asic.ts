import { createHash } from 'node:crypto'
import { type ManifestObject, writeManifest } from './manifest.ts'
import { META_INF, openContainer } from './open-container.ts'
import { readManifest } from './read-manifest.ts'
import type { ZipEntry, ZipLimits } from './read-zip.ts'
import { openZipWriter } from './write-zip.ts'

export interface ArchiveQuestion {
  /** What the rewritten entries' dates say. */
  at: Date
  /**
   * New bytes of signatures and tokens that got what is needed to judge them since (their unsigned part), by entry: as the new time-stamp
   * covers them. What a manifest refers to must stay as it is.
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
 * Throws AsicError for what is no container, RangeError for a replaced entry that is not there or that a manifest refers to.
 */
export function prepareArchive(file: Buffer, { at, replaced = new Map(), limits }: ArchiveQuestion): PreparedArchive {
  const { entries, manifests } = openContainer(file, limits)
  checkReplaced([...replaced.keys()], entries, manifests)
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

function checkReplaced(
  names: readonly string[],
  entries: ReadonlyMap<string, ZipEntry>,
  manifests: readonly ZipEntry[],
): void {
  if (names.some((name) => !entries.has(name))) throw new RangeError('what is replaced is not there')
  const covered = new Set(manifests.flatMap(({ read }) => readManifest(read()).objects.map(({ name }) => name)))
  if (names.some((name) => covered.has(name) || !/\.(p7s|tst)$/i.test(name)))
    throw new RangeError('what is replaced is signed or stamped, or is no signature')
}

function freeName(entries: ReadonlyMap<string, ZipEntry>, named: (number: string) => string): string {
  for (let number = 1; ; number++) {
    const name = named(String(number).padStart(3, '0'))
    if (!entries.has(name)) return name
  }
}
