import { createHash } from 'node:crypto'
import { type ManifestObject, writeManifest } from './manifest.ts'
import { ASIC_E_TYPE } from './open-container.ts'
import { openZipWriter } from './write-zip.ts'

export interface AsicPart {
  /** Relative, with slashes; not in META-INF. */
  name: string
  mimeType: string
  /** What a reader should open first. */
  rootFile?: boolean
  bytes: Buffer
}

/** What the manifest says of a part: all that signing needs to know of it. */
export interface AsicPartDigest extends Omit<AsicPart, 'bytes'> {
  /** SHA-256. */
  digest: Buffer
}

const MANIFEST = 'META-INF/ASiCManifest001.xml'
const SIGNATURE = 'META-INF/signature001.p7s'

/**
 * The manifest over parts whose digests are known, in the container's order: what whoever has the key signs first, wherever that is;
 * `makeAsic` then puts the same parts and the signature together, in any process.
 */
export function manifestOf(parts: readonly AsicPartDigest[]): Buffer {
  const objects = parts.map(
    ({ name, mimeType, rootFile = false, digest }): ManifestObject => ({
      name,
      mimeType,
      hash: 'sha256',
      digest,
      rootFile,
    }),
  )
  return writeManifest({ signature: SIGNATURE, signatureType: 'application/pkcs7-signature', objects })
}

/**
 * An ASiC-E container with one CAdES signature over all parts (EN 319 162-1, 4.4), piece by piece: one part at a time is in memory, and
 * its digest afterwards. The same bytes for the same parts, time and signature.
 * @param at what the entries' dates say
 * @param signManifest makes the detached CAdES message over these bytes, DER; or looks whether they are those that were signed before
 */
export async function* makeAsic(
  parts: AsyncIterable<AsicPart> | Iterable<AsicPart>,
  at: Date,
  signManifest: (manifest: Buffer) => Promise<Uint8Array> | Uint8Array,
): AsyncGenerator<Buffer> {
  const zip = openZipWriter(at)
  const digests: AsicPartDigest[] = []
  yield* zip.entry('mimetype', Buffer.from(ASIC_E_TYPE))
  for await (const { bytes, ...part } of parts) {
    if (/^(META-INF(\/|$)|mimetype$)/i.test(part.name)) throw new RangeError('a part has a name of the container’s own')
    digests.push({ ...part, digest: createHash('sha256').update(bytes).digest() })
    yield* zip.entry(part.name, bytes)
  }
  const manifest = manifestOf(digests)
  yield* zip.entry(MANIFEST, manifest)
  yield* zip.entry(SIGNATURE, Buffer.from(await signManifest(manifest)))
  yield zip.end()
}
