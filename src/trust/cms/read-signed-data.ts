import { type AlgorithmIdentifier, parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { CmsError } from './errors.ts'
import { type Attributes, atMost, readAttributes } from './read-attributes.ts'
import { readOcspChoice } from './revocation-choices.ts'

export { CmsError, type CmsFault } from './errors.ts'
export type { Attributes } from './read-attributes.ts'

export interface SignerInfo {
  version: number
  /** Issuer (DER of the Name) and serial number (content bytes); or the subject key identifier. */
  issuer: Buffer | undefined
  serial: Buffer | undefined
  keyIdentifier: Buffer | undefined
  digestAlgorithm: AlgorithmIdentifier
  /** As they are in the message. Undefined where there are none. */
  signedAttributes: Attributes | undefined
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
  unsignedAttributes: Attributes | undefined
  /** Version to signature as they are in the message: what an archive time-stamp covers (EN 319 122-1, 5.5.3). */
  fields: Buffer
}

export interface SignedData {
  version: number
  /** As listed for those who hash before they have read on. */
  digestAlgorithms: AlgorithmIdentifier[]
  contentType: string
  /** Undefined where it is detached. */
  content: Buffer | undefined
  /** EncapsulatedContentInfo, DER. */
  encapsulated: Buffer
  certificates: Buffer[]
  /** DER of CertificateLists carried along. */
  crls: Buffer[]
  /** DER of OCSPResponses carried along (RFC 5940). */
  ocspResponses: Buffer[]
  /** How many certificates and lists of other kinds it carries: they are not read. */
  unread: number
  /** All of them, of every kind, as they are in the message. */
  choices: { certificates: readonly Buffer[]; revocation: readonly Buffer[] }
  signers: SignerInfo[]
}

export interface ReadLimits {
  /** Of the whole message, its content among it; 4 MB unless said. */
  maxBytes?: number
}

const LARGEST = 4 * 1024 * 1024
const MOST_VALUES = 400_000
const MOST_VALUES_OF_LARGE = 4_000_000
const MOST_CERTIFICATES = 200
const MOST_LISTS = 500
const MOST_SIGNERS = 50
const MOST_DIGESTS = 16

/**
 * One CMS SignedData (RFC 5652, 5), strict DER. Throws CmsError, nothing else.
 * @param bytes to the last byte; what pads a PDF's /Contents is cut off by the caller
 */
export function readSignedData(bytes: Uint8Array, { maxBytes = LARGEST }: ReadLimits = {}): SignedData {
  try {
    const maxValues = maxBytes > LARGEST ? MOST_VALUES_OF_LARGE : MOST_VALUES
    return read(readDer(bytes, { maxBytes, maxDepth: 30, maxValues }))
  } catch (error) {
    if (error instanceof DerError) throw new CmsError('not-der', { cause: error })
    throw error
  }
}

function read(message: DerValue): SignedData {
  const outer = message.sequence()
  if (outer.next(TAG.oid).oid() !== OID.signedData) throw new CmsError('not-signed-data')
  const body = outer.next(context(0)).explicit().sequence()
  outer.done()
  const version = body.next(TAG.integer).smallInteger()
  const digestAlgorithms = atMost(body.next(TAG.set), MOST_DIGESTS, 'not-signed-data').map(parseAlgorithm)
  const encapsulated = body.next(TAG.sequence)
  const info = encapsulated.inside()
  const contentType = info.next(TAG.oid).oid()
  const content = info.optional(context(0))?.explicit().octets()
  info.done()
  const certificates = readChoices(body.optional(context(0)), MOST_CERTIFICATES)
  const revocation = readChoices(body.optional(context(1)), MOST_LISTS)
  const signers = atMost(body.next(TAG.set), MOST_SIGNERS, 'not-signed-data')
  body.done()
  const ocspResponses = revocation.map(readOcspChoice).filter((each) => each !== undefined)
  const crls = revocation.filter(isPlain)
  return {
    version,
    digestAlgorithms,
    contentType,
    content,
    encapsulated: encapsulated.bytes,
    certificates: certificates.filter(isPlain).map(bytesOf),
    crls: crls.map(bytesOf),
    ocspResponses,
    unread:
      certificates.filter((each) => !isPlain(each)).length + revocation.length - crls.length - ocspResponses.length,
    choices: { certificates: certificates.map(bytesOf), revocation: revocation.map(bytesOf) },
    signers: signers.map(readSigner),
  }
}

const readChoices = (set: DerValue | undefined, most: number): DerValue[] =>
  set ? atMost(set, most, 'not-signed-data') : []

/** Of the kind that everybody writes: a certificate, a list. */
const isPlain = ({ tag }: DerValue): boolean => tag === TAG.sequence
const bytesOf = ({ bytes }: DerValue): Buffer => bytes

/** SignerInfo (RFC 5652, 5.3). Throws CmsError and DerError. */
function readSigner(value: DerValue): SignerInfo {
  const fields = value.sequence()
  const version = fields.next(TAG.integer)
  const identifier = fields.next()
  const digestAlgorithm = parseAlgorithm(fields.next())
  const signed = fields.optional(context(0))
  const signatureAlgorithm = parseAlgorithm(fields.next())
  const signature = fields.next(TAG.octetString)
  const unsigned = fields.optional(context(1))
  fields.done()
  const named = readIdentifier(identifier)
  // RFC 5652, 5.3: the one follows from the other.
  if (version.smallInteger() !== (named.keyIdentifier ? 3 : 1)) throw new CmsError('bad-signer')
  return {
    version: version.smallInteger(),
    ...named,
    digestAlgorithm,
    signedAttributes: signed && readAttributes(signed, true),
    signatureAlgorithm,
    signature: signature.octets(),
    unsignedAttributes: unsigned && readAttributes(unsigned, false),
    fields: value.source.subarray(version.start, signature.end),
  }
}

function readIdentifier(value: DerValue): Pick<SignerInfo, 'issuer' | 'serial' | 'keyIdentifier'> {
  if (value.tag === contextPrimitive(0)) return { issuer: undefined, serial: undefined, keyIdentifier: value.content }
  const parts = value.sequence()
  const issuer = parts.next(TAG.sequence).bytes
  const serial = parts.next(TAG.integer).integer()
  parts.done()
  return { issuer, serial, keyIdentifier: undefined }
}
