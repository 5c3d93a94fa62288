import type { References } from './asic-report.ts'
import { AsicError } from './errors.ts'
import type { AsicManifest, ManifestHash } from './manifest.ts'
import { type Container, type Digests, measure } from './open-container.ts'
import { readManifest } from './read-manifest.ts'
import { LARGEST_XML } from './read-xml.ts'
import type { ZipEntry } from './read-zip.ts'

/** A manifest that was read, the entry it is in, and whether what it refers to is there and as it says. */
export interface CheckedManifest extends Omit<AsicManifest, 'objects'> {
  entry: ZipEntry
  bytes: Buffer
  objects: AsicManifest['objects']
  references: References
}

export interface CheckedManifests {
  manifests: CheckedManifest[]
  /** Why others are not read, one sentence each. */
  unread: string[]
}

/** Reads every manifest, then every file of the container once, whatever refers to it. Throws AsicError for a file that is damaged. */
export function checkManifests(container: Container): CheckedManifests {
  const unread: string[] = []
  const total = container.manifests.reduce((sum, { size }) => sum + size, 0)
  if (total > MOST_XML) throw new AsicError('too-large', 'the container has more in its manifests than is read')
  const read = container.manifests.flatMap((entry) => {
    try {
      if (entry.size > LARGEST_XML) throw new AsicError('bad-manifest', 'a manifest is larger than what is read')
      const bytes = entry.read()
      return [{ ...readManifest(bytes), entry, bytes }]
    } catch (error) {
      if (!(error instanceof AsicError)) throw error
      unread.push(`A manifest is not read: ${error.message}.`)
      return []
    }
  })
  const hashes = new Set(read.flatMap(({ objects }) => objects.map(({ hash }) => hash)))
  const measured = measure(container.entries.values(), [...hashes])
  const manifests = read.map((manifest) => ({ ...manifest, references: checkReferences(manifest, measured) }))
  return { manifests, unread }
}

/** Bytes of all manifests together: some twenty thousand references. */
const MOST_XML = 8 * 1024 * 1024

function checkReferences({ objects }: AsicManifest, measured: ReadonlyMap<string, Digests>): References {
  const missing: string[] = []
  const changed: string[] = []
  for (const { name, hash, digest } of objects) {
    const own = measured.get(name)
    if (!own) missing.push(name)
    else if (!same(own, hash, digest)) changed.push(name)
  }
  const detail =
    missing.length > 0
      ? 'a file that was signed is missing'
      : changed.length > 0
        ? 'a file is not the one that was signed'
        : 'every file is the one that was signed'
  const ok = missing.length + changed.length === 0
  return { check: { name: 'references', ok, detail }, covers: objects.map(({ name }) => name), missing, changed }
}

const same = (digests: Digests, hash: ManifestHash, digest: Buffer): boolean => digests[hash]?.equals(digest) === true
