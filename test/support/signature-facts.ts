import { createHash } from 'node:crypto'
import { digestOfBytes } from '#trust/cms/digest-content.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, noData, type SignatureFacts, type ValidationData } from '#trust/validation/facts.ts'
import type { Holder } from './pki.ts'
import { timestampOverDigest } from './signed-pdf.ts'

/** A signature as a reader of some format would find it, for the tests of what is made of it. */
export function factsOf(signer: Holder, more: Partial<SignatureFacts> = {}): SignatureFacts {
  return {
    sound: true,
    failure: undefined,
    signer: signer.certificate,
    certificates: [signer.certificate],
    claimedTime: undefined,
    timestamps: [],
    ...more,
  }
}

export const dataOf = (...crls: Buffer[]): ValidationData => ({ certificates: [], crls, ocspResponses: [] })

const STAMPED = Buffer.from('signature value')

/** A real token, read as one that covers a signature alone or, where it is said what else, an archive time-stamp. */
export function stampedBy(
  authority: Holder,
  at: Date,
  covers?: ValidationData,
  hash: 'sha256' | 'sha512' = 'sha256',
): CoveringTimestamp {
  const token = timestampOverDigest(createHash(hash).update(STAMPED).digest(), authority, at)
  const { timestamp } = verifyToken(token, digestOfBytes(STAMPED))
  return {
    kind: covers ? 'archive' : 'signature',
    report: timestamp!,
    covers: covers ?? noData(),
  }
}
