import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Signature } from '#modules/documents/index.ts'

export interface SignatureBody {
  preparationId?: string
  certificate: string
  signedAttributes: string
  signature: string
}

/** @throws Refusal `signature-not-of-document` where a part is not base64 */
export function readSignature(body: SignatureBody): Signature {
  const [certificate, signedAttributes, signature] = [body.certificate, body.signedAttributes, body.signature].map(
    (text) => fromBase64(text),
  )
  if (!certificate || !signedAttributes || !signature) throw new Refusal('signature-not-of-document', {}, 422)
  return { certificate, signedAttributes, signature }
}
