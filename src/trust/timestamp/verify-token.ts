import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { type DigestOf, digestOfBytes } from '#trust/cms/digest-content.ts'
import { CmsError, readSignedData, type SignedData, type SignerInfo } from '#trust/cms/read-signed-data.ts'
import { type SignerReport, verifySigner } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError } from '#trust/der/read.ts'
import { TimestampError } from './errors.ts'
import { findFault, isFramed } from './token-rules.ts'
import { readTstInfo, type TstInfo } from './tst-info.ts'

/** A time-stamp token (RFC 3161) whose digest is that of what it should stamp. */
export interface TimestampReport {
  /**
   * Whether its own signature holds, by a certificate that is made for stamping and was in force then; who made it is for the caller to
   * trust or not.
   */
  sound: boolean
  time: Date
  signer: Certificate | undefined
  /** All that reads as a certificate: for building the path only, never for what the signer is. */
  certificates: Certificate[]
  /** All that the token carries as certificates, as found. */
  carried: Buffer[]
  /** What it is made with, where the reader knows: of what is stamped, and of the signature. To be judged by their dates. */
  hashes?: readonly Hash[]
}

export interface TokenCheck {
  /** Undefined where the token cannot be read or stamps something else. */
  timestamp: TimestampReport | undefined
  signer: SignerReport | undefined
  /** What it says, where it can be read, whatever it stamps. */
  info: TstInfo | undefined
  /** One sentence: that it holds, or the first thing that does not. */
  detail: string
}

export interface TokenRules {
  /** Certificates that are known from elsewhere, DER: a token need not carry its signer's (RFC 3161, 2.4.1). */
  known?: readonly Buffer[]
}

/** Why a token does not count for what lies before us: its imprint is of other bytes. */
export const OTHER_IMPRINT = 'it stamps something else'

/**
 * One time-stamp token (RFC 3161, 2.4.2): what it stamps, when, and whether its signature holds. Never throws for what the bytes are.
 * @param digestOf hashes what should have been stamped
 */
export function verifyToken(token: Uint8Array, digestOf: DigestOf, rules: TokenRules = {}): TokenCheck {
  let info: TstInfo | undefined
  const refuse = (reason: string): TokenCheck => ({ timestamp: undefined, signer: undefined, info, detail: reason })
  try {
    const data = readSignedData(token)
    const [signer, ...others] = data.signers
    const content = data.content
    // RFC 3161, 2.4.2: no other signature than that of the authority.
    if (data.contentType !== OID.tstInfo || !content || !signer || others.length > 0)
      return refuse('it is no time-stamp token')
    if (!isFramed(data, signer)) return refuse('its versions or digests are not those of its parts')
    info = readTstInfo(content)
    // SHA-1 no longer says which bytes were stamped.
    if (info.imprint.hash === 'sha1') return refuse('it stamps a digest that is not accepted')
    if (!info.imprint.digest.equals(digestOf(info.imprint.hash))) return refuse(OTHER_IMPRINT)
    const report = verifyBySigner(
      { ...data, certificates: [...data.certificates, ...(rules.known ?? [])] },
      signer,
      content,
    )
    const fault = report.sound ? findFault(info, report, signer) : unsoundness(report)
    const { certificate, certificates } = report
    const sound = fault === undefined
    const hashes = [info.imprint.hash, ...(report.digest ? [report.digest] : [])]
    const timestamp = { sound, time: info.time, signer: certificate, certificates, carried: data.certificates, hashes }
    return { timestamp, signer: report, info, detail: fault ?? 'the time-stamp holds' }
  } catch (error) {
    if (error instanceof CmsError || error instanceof DerError || error instanceof TimestampError)
      return refuse('it cannot be read')
    throw error
  }
}

const unsoundness = ({ checks }: SignerReport): string =>
  checks.some(({ name }) => name === 'signer-certificate') && !checks[0]!.ok
    ? 'the time-stamp does not carry the certificate of its authority'
    : 'the time-stamp’s signature does not hold'

/** More of one name and number than any authority has. */
const MOST_TWINS = 4

/**
 * Anyone can put certificates into a token: they stand outside of what is signed. The signer is the one whose digest the signature
 * covers (ESSCertID), whatever else bears its name and number, and nothing is asked of any other.
 */
function verifyBySigner(data: SignedData, signer: SignerInfo, content: Buffer): SignerReport {
  const rules = { contentType: OID.tstInfo, requireSigningCertificate: true }
  const digestOf = digestOfBytes(content)
  const first = verifySigner(data, signer, digestOf, rules)
  const { certificate, certificates } = first
  if (first.sound || !certificate) return first
  for (const twin of certificates.filter((each) => isTwin(each, certificate)).slice(0, MOST_TWINS)) {
    const report = verifySigner({ ...data, certificates: [twin.der, ...data.certificates] }, signer, digestOf, rules)
    if (report.sound) return report
  }
  return first
}

function isTwin(one: Certificate, other: Certificate): boolean {
  if (one.der.equals(other.der)) return false
  const sameNumber = one.serial.equals(other.serial) && one.issuer.der.equals(other.issuer.der)
  return sameNumber || (one.ski !== undefined && other.ski !== undefined && one.ski.equals(other.ski))
}
