import { createHash } from 'node:crypto'
import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type Hash, hashOf } from '#trust/certificate/signature-scheme.ts'
import { CmsError, readSignedData } from '#trust/cms/read-signed-data.ts'
import { type SignerReport, verifySigner } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, readDer, TAG } from '#trust/der/read.ts'

/** A time-stamp token (RFC 3161) whose digest is that of what it should stamp. */
export interface TimestampReport {
  /** Whether its own signature holds; who made it is for the caller to trust or not. */
  sound: boolean
  time: Date
  signer: Certificate | undefined
  certificates: Certificate[]
  /** All that the token carries as certificates, as found. */
  carried: Buffer[]
}

export interface TokenCheck {
  /** Undefined where the token cannot be read or stamps something else. */
  timestamp: TimestampReport | undefined
  signer: SignerReport | undefined
  detail: string
}

interface TstInfo {
  hash: Hash | undefined
  imprint: Buffer
  time: Date
}

/**
 * One time-stamp token (RFC 3161, 2.4.2): what it stamps, when, and whether its signature holds. Never throws for what the bytes are.
 * @param digestOf hashes what should have been stamped
 */
export function verifyToken(token: Buffer, digestOf: (hash: Hash) => Buffer): TokenCheck {
  try {
    const data = readSignedData(token)
    const [signer, ...others] = data.signers
    const content = data.content
    if (data.contentType !== OID.tstInfo || !content || !signer || others.length > 0)
      return refuse('it is no time-stamp token')
    const info = readTstInfo(content)
    // SHA-1 no longer says which bytes were stamped.
    if (!info.hash || info.hash === 'sha1') return refuse('it stamps a digest that is not accepted')
    if (!info.imprint.equals(digestOf(info.hash))) return refuse('it stamps something else')
    const rules = { contentType: OID.tstInfo, requireSigningCertificate: true }
    const report = verifySigner(data, signer, (hash) => createHash(hash).update(content).digest(), rules)
    const sound = report.sound && maySignTime(report)
    const detail = sound ? 'the time-stamp holds' : 'the time-stamp’s signature does not hold'
    const { certificate, certificates } = report
    const timestamp = { sound, time: info.time, signer: certificate, certificates, carried: data.certificates }
    return { timestamp, signer: report, detail }
  } catch (error) {
    if (error instanceof CmsError || error instanceof DerError) return refuse('it cannot be read')
    throw error
  }
}

const refuse = (reason: string): TokenCheck => ({ timestamp: undefined, signer: undefined, detail: reason })

/** RFC 3161, 2.3: a key for nothing but time-stamping, and said critically. */
function maySignTime({ certificate }: SignerReport): boolean {
  const usages = certificate?.extendedKeyUsage
  const critical = certificate?.extensions.get(OID.extKeyUsage)?.critical === true
  return critical && usages?.size === 1 && usages.has(OID.timeStamping)
}

function readTstInfo(bytes: Buffer): TstInfo {
  const fields = readDer(bytes, { maxBytes: 64 * 1024, maxDepth: 16, maxValues: 2000 }).sequence()
  fields.next(TAG.integer).smallInteger()
  fields.next(TAG.oid)
  const imprint = fields.next(TAG.sequence).inside()
  const hash = hashOf(parseAlgorithm(imprint.next()).oid)
  const digest = imprint.next(TAG.octetString).octets()
  imprint.done()
  fields.next(TAG.integer)
  return { hash, imprint: digest, time: fields.next(TAG.generalizedTime).time({ fractions: true }) }
}
