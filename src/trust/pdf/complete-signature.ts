import { type SignerParts, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { insertSignature } from './byte-range.ts'
import type { PreparedPdf } from './empty-signature.ts'
import { SigningError } from './errors.ts'
import { verifyContents } from './verify-contents.ts'

export interface SignedElsewhere {
  /** What came back from where the key is: the attributes of `signedAttributesFor` over `byteRangeDigest`, and their signature. */
  signer: SignerParts
  /** Others that help to build the path, DER. */
  certificates?: readonly Uint8Array[]
}

/**
 * The second step: puts into a prepared PDF what was signed elsewhere. Nothing is kept between the two; it is verified before it
 * is handed out.
 * @throws SigningError where it does not hold over this file
 * @throws RangeError where it does not fit
 */
export function completeSignature({ pdf, byteRange }: PreparedPdf, parts: SignedElsewhere): Buffer {
  const cms = writeSignedData({ signers: [parts.signer], certificates: parts.certificates })
  requireSound(pdf, byteRange, cms, 'ETSI.CAdES.detached')
  return insertSignature(pdf, byteRange, cms)
}

/** The same for the token of `prepareDocumentTimestamp`. @throws SigningError @throws RangeError */
export function completeDocumentTimestamp({ pdf, byteRange }: PreparedPdf, token: Uint8Array): Buffer {
  requireSound(pdf, byteRange, Buffer.from(token), 'ETSI.RFC3161')
  return insertSignature(pdf, byteRange, token)
}

function requireSound(pdf: Buffer, byteRange: PreparedPdf['byteRange'], contents: Buffer, subFilter: string): void {
  const { checks } = verifyContents({ pdf, byteRange, contents, subFilter })
  const failed = checks.find(({ ok }) => !ok)
  if (failed || checks.length === 0)
    throw new SigningError(
      'does-not-hold',
      `what was signed does not hold over this file: ${failed?.name ?? 'nothing'}`,
    )
}
