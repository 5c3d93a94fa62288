import { type AlgorithmIdentifier, parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { OID } from '#trust/der/oids.ts'
import { checkSetOrder, context, contextPrimitive, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'

export type CmsFault = 'not-der' | 'not-signed-data' | 'bad-attributes' | 'bad-signer'

/** A CMS message that is not what it must be; nothing is said about who signed it. */
export class CmsError extends Error {
  readonly fault: CmsFault
  constructor(fault: CmsFault, options?: ErrorOptions) {
    super(`CMS: ${fault}`, options)
    this.name = 'CmsError'
    this.fault = fault
  }
}

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
}

export interface Attributes {
  /** DER of the SET OF: what is signed. */
  bytes: Buffer
  /** OID → its values; each type stands once. */
  values: ReadonlyMap<string, DerValue[]>
}

export interface SignedData {
  version: number
  /** As listed for those who hash before they have read on. */
  digestAlgorithms: AlgorithmIdentifier[]
  contentType: string
  /** Undefined where it is detached. */
  content: Buffer | undefined
  certificates: Buffer[]
  /** DER of CertificateLists carried along. */
  crls: Buffer[]
  /** How many certificates and lists of other kinds it carries: they are not read. */
  unread: number
  signers: SignerInfo[]
}

const LARGEST = 4 * 1024 * 1024
const MOST_CERTIFICATES = 200
const MOST_SIGNERS = 50
const MOST_ATTRIBUTES = 64

/**
 * One CMS SignedData (RFC 5652, 5), strict DER. Throws CmsError, nothing else.
 * @param bytes to the last byte; what pads a PDF's /Contents is cut off by the caller
 */
export function readSignedData(bytes: Uint8Array): SignedData {
  try {
    return read(readDer(bytes, { maxBytes: LARGEST, maxDepth: 30, maxValues: 400_000 }))
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
  const digestAlgorithms = body.next(TAG.set).children().map(parseAlgorithm)
  const info = body.next(TAG.sequence).inside()
  const contentType = info.next(TAG.oid).oid()
  const content = info.optional(context(0))?.explicit().octets()
  info.done()
  const certificates = body.optional(context(0))?.children() ?? []
  const crls = body.optional(context(1))?.children() ?? []
  const signers = body.next(TAG.set).children()
  body.done()
  if (certificates.length > MOST_CERTIFICATES || signers.length > MOST_SIGNERS) throw new CmsError('not-signed-data')
  const isRead = ({ tag }: DerValue) => tag === TAG.sequence
  return {
    version,
    digestAlgorithms,
    contentType,
    content,
    certificates: certificates.filter(isRead).map(({ bytes }) => bytes),
    crls: crls.filter(isRead).map(({ bytes }) => bytes),
    unread: [...certificates, ...crls].filter((each) => !isRead(each)).length,
    signers: signers.map(readSigner),
  }
}

function readSigner(value: DerValue): SignerInfo {
  const fields = value.sequence()
  const version = fields.next(TAG.integer).smallInteger()
  const identifier = fields.next()
  const digestAlgorithm = parseAlgorithm(fields.next())
  const signed = fields.optional(context(0))
  const signatureAlgorithm = parseAlgorithm(fields.next())
  const signature = fields.next(TAG.octetString).octets()
  const unsigned = fields.optional(context(1))
  fields.done()
  return {
    version,
    ...readIdentifier(identifier),
    digestAlgorithm,
    signedAttributes: signed && readAttributes(signed, true),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned && readAttributes(unsigned, false),
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

/** Signed ones must stand in DER's order, or the signature would cover other bytes than are shown. */
function readAttributes(implicit: DerValue, ordered: boolean): Attributes {
  const set = implicit.as(TAG.set)
  if (ordered) checkSetOrder(set)
  const items = set.children()
  if (items.length === 0 || items.length > MOST_ATTRIBUTES) throw new CmsError('bad-attributes')
  const values = new Map<string, DerValue[]>()
  for (const item of items) {
    const fields = item.sequence()
    const type = fields.next(TAG.oid).oid()
    const members = fields.next(TAG.set).children()
    fields.done()
    if (members.length === 0 || (values.has(type) && ordered)) throw new CmsError('bad-attributes')
    values.set(type, [...(values.get(type) ?? []), ...members])
  }
  return { bytes: Buffer.concat([Buffer.from([TAG.set]), implicit.bytes.subarray(1)]), values }
}
