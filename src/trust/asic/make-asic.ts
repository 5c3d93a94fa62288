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

const MANIFEST = 'META-INF/ASiCManifest001.xml'
const SIGNATURE = 'META-INF/signature001.p7s'

/**
 * An ASiC-E container with one CAdES signature over all parts (EN 319 162-1, 4.4), piece by piece: one part at a time is in memory, and
 * its digest afterwards. The same bytes for the same parts, time and signature.
 * @param at what the entries' dates say
 * @param signManifest makes the detached CAdES message over these bytes, DER
 */
export async function* makeAsic(
  parts: AsyncIterable<AsicPart> | Iterable<AsicPart>,
  at: Date,
  signManifest: (manifest: Buffer) => Promise<Uint8Array> | Uint8Array,
): AsyncGenerator<Buffer> {
  const zip = openZipWriter(at)
  const objects: ManifestObject[] = []
  yield* zip.entry('mimetype', Buffer.from(ASIC_E_TYPE))
  for await (const { name, mimeType, rootFile = false, bytes } of parts) {
    if (/^(META-INF(\/|$)|mimetype$)/i.test(name)) throw new RangeError('a part has a name of the container’s own')
    const digest = createHash('sha256').update(bytes).digest()
    objects.push({ name, mimeType, hash: 'sha256', digest, rootFile })
    yield* zip.entry(name, bytes)
  }
  const manifest = writeManifest({ signature: SIGNATURE, signatureType: 'application/pkcs7-signature', objects })
  yield* zip.entry(MANIFEST, manifest)
  yield* zip.entry(SIGNATURE, Buffer.from(await signManifest(manifest)))
  yield zip.end()
}
