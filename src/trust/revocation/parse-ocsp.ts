import { createHash } from 'node:crypto'
import { type AlgorithmIdentifier, parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { CertificateError } from '#trust/certificate/errors.ts'
import { type Name, parseName } from '#trust/certificate/name.ts'
import {
  type Certificate,
  type Extension,
  parseCertificate,
  parseExtension,
} from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, type DerCursor, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { type RevokedEntry, reasonName } from './crl-entries.ts'
import { RevocationError } from './errors.ts'

export interface OcspAnswer {
  hashAlgorithm: string
  issuerNameHash: Buffer
  issuerKeyHash: Buffer
  serial: Buffer
  status: 'good' | 'revoked' | 'unknown'
  revoked?: RevokedEntry
  thisUpdate: Date
  nextUpdate?: Date
  /** The responder still knows certificates that ended since then (RFC 6960, 4.4.4). */
  archiveCutoff?: Date
}

export interface OcspResponse {
  der: Buffer
  tbs: Buffer
  /** One of both: who says to have signed. */
  responder: { name?: Name; keyHash?: Buffer }
  producedAt: Date
  answers: OcspAnswer[]
  nonce?: Buffer
  hasUnknownCritical: boolean
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
  /** Certificates that came along; those that cannot be read are left out. */
  certificates: Certificate[]
  readonly sha256: string
}

const MOST_ANSWERS = 1_000
const MOST_CERTIFICATES = 16

/** One OCSPResponse, DER, successful and basic (RFC 6960, 4.2.1). Throws RevocationError, nothing else. Nothing is verified. */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  try {
    return readResponse(readDer(der, { maxBytes: 1024 * 1024, maxDepth: 24, maxValues: 100_000 }))
  } catch (error) {
    if (error instanceof DerError) throw new RevocationError('not-der', error)
    throw error
  }
}

function readResponse(whole: DerValue): OcspResponse {
  const outer = whole.sequence()
  if (outer.next(TAG.enumerated).smallInteger() !== 0) throw new RevocationError('not-successful')
  const bytes = outer.next(context(0)).explicit().sequence()
  outer.done()
  if (bytes.next().oid() !== OID.ocspBasic) throw new RevocationError('bad-response')
  const basic = readDer(bytes.next().octets(), { maxDepth: 24, maxValues: 100_000 }).sequence()
  bytes.done()
  const tbs = basic.next(TAG.sequence)
  const signatureAlgorithm = parseAlgorithm(basic.next())
  const signature = basic.next().wholeBits()
  const certificates = basic.optional(context(0))?.explicit().items() ?? []
  basic.done()
  if (certificates.length > MOST_CERTIFICATES) throw new RevocationError('bad-response')
  let sha256: string | undefined
  return {
    der: whole.bytes,
    ...readData(tbs),
    signatureAlgorithm,
    signature,
    certificates: certificates.flatMap(readEmbedded),
    get sha256() {
      sha256 ??= createHash('sha256').update(whole.bytes).digest('hex')
      return sha256
    },
  }
}

function readEmbedded(value: DerValue): Certificate[] {
  try {
    return [parseCertificate(value.bytes)]
  } catch (error) {
    if (error instanceof CertificateError) return []
    throw error
  }
}

function readData(
  tbs: DerValue,
): Pick<OcspResponse, 'tbs' | 'responder' | 'producedAt' | 'answers' | 'nonce' | 'hasUnknownCritical'> {
  const fields = tbs.inside()
  const version = fields.optional(context(0))?.explicit().smallInteger() ?? 0
  if (version !== 0) throw new RevocationError('unknown-version')
  const responder = readResponder(fields)
  const producedAt = fields.next(TAG.generalizedTime).time()
  const items = fields.next().items()
  if (items.length > MOST_ANSWERS) throw new RevocationError('bad-response')
  const parsed = items.map(readAnswer)
  const extensions = readExtensions(fields, 1)
  fields.done()
  const nonce = extensions.find(({ oid }) => oid === OID.ocspNonce)?.value
  return {
    tbs: tbs.bytes,
    responder,
    producedAt,
    answers: parsed.map(({ answer }) => answer),
    nonce: nonce && readNonce(nonce),
    hasUnknownCritical: [...extensions, ...parsed.flatMap((each) => each.extensions)].some(isUnknownCritical),
  }
}

const LONGEST_NONCE = 128

/** RFC 9654 (2.1): 1 to 128 bytes in an OCTET STRING; whatever else stands there is no answer at all. */
function readNonce(value: Buffer): Buffer {
  const nonce = readDer(value).octets()
  if (nonce.length === 0 || nonce.length > LONGEST_NONCE) throw new RevocationError('bad-response')
  return nonce
}

const KNOWN: ReadonlySet<string> = new Set([
  OID.ocspNonce,
  OID.ocspArchiveCutoff,
  OID.ocspExtendedRevoke,
  OID.reasonCode,
])
const isUnknownCritical = ({ oid, critical }: Extension): boolean => critical && !KNOWN.has(oid)

function readResponder(fields: DerCursor): OcspResponse['responder'] {
  const name = fields.optional(context(1))
  if (name) return { name: parseName(name.explicit()) }
  return { keyHash: fields.next(context(2)).explicit().octets() }
}

function readAnswer(item: DerValue): { answer: OcspAnswer; extensions: Extension[] } {
  const cursor = item.sequence()
  const id = cursor.next().sequence()
  const hashAlgorithm = parseAlgorithm(id.next()).oid
  const [issuerNameHash, issuerKeyHash] = [id.next().octets(), id.next().octets()]
  const serial = id.next(TAG.integer).integer()
  id.done()
  const status = readStatus(cursor.next())
  const thisUpdate = cursor.next(TAG.generalizedTime).time()
  const nextUpdate = cursor.optional(context(0))?.explicit().expect(TAG.generalizedTime).time()
  const extensions = readExtensions(cursor, 1)
  cursor.done()
  const cutoff = extensions.find(({ oid }) => oid === OID.ocspArchiveCutoff)?.value
  const archiveCutoff = cutoff && readDer(cutoff).expect(TAG.generalizedTime).time()
  const answer = {
    hashAlgorithm,
    issuerNameHash,
    issuerKeyHash,
    serial,
    ...status,
    thisUpdate,
    nextUpdate,
    archiveCutoff,
  }
  return { answer, extensions }
}

function readStatus(value: DerValue): Pick<OcspAnswer, 'status' | 'revoked'> {
  if (value.tag === contextPrimitive(0) && value.length === 0) return { status: 'good' }
  if (value.tag === contextPrimitive(2) && value.length === 0) return { status: 'unknown' }
  const info = value.expect(context(1)).inside()
  const revokedAt = info.next(TAG.generalizedTime).time()
  const reason = info.optional(context(0))?.explicit().expect(TAG.enumerated).smallInteger()
  info.done()
  return { status: 'revoked', revoked: { revokedAt, reason: reason === undefined ? undefined : reasonName(reason) } }
}

function readExtensions(cursor: DerCursor, number: number): Extension[] {
  const tagged = cursor.optional(context(number))
  if (!tagged) return []
  const extensions = tagged.explicit().items().map(parseExtension)
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length) throw new RevocationError('bad-response')
  return extensions
}
