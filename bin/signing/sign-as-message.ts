import { createReadStream } from 'node:fs'
import {
  addArchiveTimestamp,
  addSignatureTimestamp,
  addValidationData,
  prepareArchiveTimestamp,
  signatureImprint,
} from '#trust/cades/grow-signature.ts'
import { completeCades, prepareCades } from '#trust/cades/make-signature.ts'
import { type DigestOf, digestOfBytes, digestStream } from '#trust/cms/digest-content.ts'
import type { Signing } from './sign-file.ts'

/** CAdES beside the file, which may be of any size and is read once; or with it inside. */
export async function signAsMessage(
  signing: Signing,
  file: string,
  readWhole: (file: string) => Promise<Buffer>,
): Promise<Buffer> {
  const content = signing.order.enveloping ? await readWhole(file) : undefined
  const digestOf = content
    ? digestOfBytes(content)
    : await digestStream(createReadStream(file), ['sha256', signing.key.digestAlgorithm])
  const message = await makeCades(signing, digestOf, content)
  if (signing.order.level !== 'LTA') return message
  const prepared = prepareArchiveTimestamp(message, { digestOf })
  return addArchiveTimestamp(prepared, await signing.sources.timestamp(prepared.imprint))
}

/** Up to B-LT (EN 319 122-1, 6): each level adds to the one before it. */
export async function makeCades(signing: Signing, digestOf: DigestOf, content?: Buffer): Promise<Buffer> {
  const { order, key, chain, sources, at } = signing
  const { certificate, digestAlgorithm } = key
  const digest = digestOf(digestAlgorithm)
  const prepared = prepareCades({ digest, digestAlgorithm, certificate, signingTime: at })
  const signature = await signing.sign(prepared.signedAttributes)
  const basic = completeCades(prepared, signature, { content, certificates: chain })
  if (order.level === 'B') return basic
  const stamped = addSignatureTimestamp(basic, await sources.timestamp(signatureImprint(basic)))
  return order.level === 'T' ? stamped : addValidationData(stamped, await sources.validationData())
}
