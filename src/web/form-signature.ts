import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { DocumentsCode, Signature } from '#modules/documents/index.ts'

/**
 * What the signing script put into its form.
 * @throws Refusal `signature-not-of-document` where a part is missing or not base64
 */
export function readFormSignature(body: Record<string, string | undefined>): {
  preparationId: string
  signature: Signature
} {
  const [certificate, signedAttributes, signature] = [body.certificate, body.signedAttributes, body.signature].map(
    (text) => fromBase64(text ?? ''),
  )
  const { preparationId } = body
  if (!certificate?.length || !signedAttributes?.length || !signature?.length || !isId(preparationId))
    throw new Refusal<DocumentsCode>('signature-not-of-document', {}, 422)
  return { preparationId: preparationId!, signature: { certificate, signedAttributes, signature } }
}

const isId = (text: string | undefined): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '')
