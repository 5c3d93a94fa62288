import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { integer, sequence, set, context as tagged, tlv } from '#trust/der/write.ts'
import { CmsError } from './errors.ts'
import { limitOf, readMessage, unframe } from './read-message.ts'
import type { ReadLimits, SignedData } from './read-signed-data.ts'
import { writeOcspChoice } from './revocation-choices.ts'
import { writeChoices, writeUnsigned } from './write-signed-data.ts'

/** What is added to a message; what is there already is not added again, and stays byte for byte. */
export interface Additions {
  certificates?: readonly Uint8Array[]
  crls?: readonly Uint8Array[]
  ocspResponses?: readonly Uint8Array[]
  /** DER of each Attribute, for the signer of that place in the message. */
  unsignedAttributes?: { signer: number; attributes: readonly Uint8Array[] }
  /** DER of a SignerInfo; it becomes the last one. */
  signer?: { info: Uint8Array; digestAlgorithm: Uint8Array }
}

/**
 * A message with more in it. Every certificate, list, attribute and signer that is there is copied as it stands, for signatures and
 * time-stamps may cover any of them. What comes out is DER, whatever the frame was.
 * @throws CmsError: the message cannot be read, has no such signer, or has a time-stamp that covers it whole (`cannot-grow`)
 */
export function growSignedData(message: Uint8Array, additions: Additions, limits: ReadLimits = {}): Buffer {
  const bytes = unframe(message, limits)
  const data = readMessage(bytes, limits)
  refuseFrozen(data, additions)
  const [type, explicit] = readDer(bytes, { maxBytes: limitOf(limits) }).children()
  const body = explicit!.explicit().sequence()
  const version = body.next(TAG.integer)
  const digests = body.next(TAG.set)
  const encapsulated = body.next(TAG.sequence)
  body.optional(context(0))
  body.optional(context(1))
  const signers = body.next(TAG.set).children()
  const { choices } = data
  const certificates = [...choices.certificates, ...(additions.certificates ?? [])]
  const revocation = [
    ...choices.revocation,
    ...(additions.crls ?? []),
    ...withoutKnown(data, additions.ocspResponses ?? []).map(writeOcspChoice),
  ]
  const isOther = revocation.some(([tag]) => tag !== TAG.sequence)
  const { signer } = additions
  const signedData = sequence(
    // Only ever raised: RFC 5652, 5.1 asks for 5 where there are lists of another kind.
    isOther && data.version < 5 ? integer(5) : version.bytes,
    signer && !hasDigest(digests, signer.digestAlgorithm)
      ? set(...digests.children().map(({ bytes: each }) => each), signer.digestAlgorithm)
      : digests.bytes,
    encapsulated.bytes,
    ...(certificates.length > 0 ? [writeChoices(0, certificates)] : []),
    ...(revocation.length > 0 ? [writeChoices(1, revocation)] : []),
    tlv(TAG.set, ...signers.map((each, i) => growSigner(each, i, additions)), ...(signer ? [signer.info] : [])),
  )
  return sequence(type!.bytes, tagged(0, signedData))
}

const hasDigest = (digests: DerValue, algorithm: Uint8Array): boolean =>
  digests.children().some(({ bytes }) => bytes.equals(algorithm))

/** An answer may be there as a bare one, which reads as the same. */
const withoutKnown = ({ ocspResponses }: SignedData, more: readonly Uint8Array[]): Uint8Array[] =>
  more.filter((each) => !ocspResponses.some((known) => known.equals(each)))

/** They cover the fields of certificates and lists whole, in their order, or attributes that name nothing apart. */
const FREEZING = [OID.archiveTimestamp, OID.archiveTimestampV2, OID.longTermValidation]

function refuseFrozen({ signers }: SignedData, { unsignedAttributes }: Additions): void {
  const isFrozen = signers.some((signer) => FREEZING.some((oid) => signer.unsignedAttributes?.values.has(oid)))
  if (isFrozen) throw new CmsError('cannot-grow')
  if (unsignedAttributes && !signers[unsignedAttributes.signer]) throw new CmsError('bad-signer')
}

function growSigner(signer: DerValue, place: number, { unsignedAttributes }: Additions): Buffer {
  if (unsignedAttributes?.signer !== place) return signer.bytes
  const fields = signer.children()
  const last = fields.at(-1)!
  const present = last.tag === context(1) ? last.children().map(({ bytes }) => bytes) : []
  const kept = present.length > 0 ? fields.slice(0, -1) : fields
  const all = [...present, ...unsignedAttributes.attributes]
  return sequence(...kept.map(({ bytes }) => bytes), writeUnsigned(all))
}

/** Whether bytes are one DER value; for what others hand in to be put into a message. @throws CmsError */
export function assertDer(bytes: Uint8Array): void {
  try {
    readDer(bytes)
  } catch (error) {
    if (error instanceof DerError) throw new CmsError('not-der', { cause: error })
    throw error
  }
}
