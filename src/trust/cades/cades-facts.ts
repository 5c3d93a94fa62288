import type { CertificateCache } from '#trust/certificate/certificate-cache.ts'
import { certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { readSigningTime } from '#trust/cms/check-attributes.ts'
import { type DigestOf, digestOfBytes, digestStream } from '#trust/cms/digest-content.ts'
import { readMessage } from '#trust/cms/read-message.ts'
import { CmsError, type ReadLimits, type SignedData, type SignerInfo } from '#trust/cms/read-signed-data.ts'
import { digestOfSigner, type SignerReport, type VerifyRules, verifySigner } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { type FormatFailure, noData } from '#trust/validation/facts.ts'
import type { CadesCheck, CadesReport, CadesSignature } from './cades-report.ts'
import { evidenceOf } from './evidence.ts'
import { choicesByDigest } from './hash-index.ts'
import { levelOf } from './level.ts'
import { archiveTokensOf, type StampsQuestion, verifyStamps } from './verify-stamps.ts'

export type { CadesLevel, CadesReport, CadesSignature } from './cades-report.ts'

export interface CadesRules extends ReadLimits, Pick<VerifyRules, 'allowLegacyAlgorithms'> {
  /**
   * Every CAdES signature names the certificate that it is made with (the default); a plain one of CMS (RFC 5652) need not, and is of no
   * level then.
   */
  requireSigningCertificate?: boolean
  /** Of certificates read before; for those who verify many messages. */
  cache?: CertificateCache
}

/** One message, read, and what its content has to be hashed with before it can be judged. */
export interface SignedMessage {
  data: SignedData
  hashes: ReadonlySet<Hash>
}

/**
 * For contents that are not in memory: read the message, hash the content with `digestStream`, judge with `factsOfMessage`.
 * @param message to the last byte; DER, or BER where only its frame is (docs/decisions/044). @throws CmsError
 */
export function readSignedMessage(message: Uint8Array, limits: ReadLimits = {}): SignedMessage {
  const data = readMessage(message, limits)
  const hashes = data.signers.flatMap((signer) => [
    digestOfSigner(signer) ?? [],
    ...archiveTokensOf(signer).flatMap(({ index }) => index?.hash ?? []),
  ])
  return { data, hashes: new Set(hashes.flat()) }
}

/**
 * Every signature of a CMS message with what its time-stamps cover (EN 319 122-1), for `validateSignature` to judge: bytes only, nothing
 * is said about whom to trust. Never throws for what the bytes are.
 * @param content what is signed, where the message does not bring it
 */
export function cadesFacts(message: Uint8Array, content?: Uint8Array, rules: CadesRules = {}): CadesReport {
  return reported(() => {
    return factsOfMessage(readMessage(message, rules), content && digestOfBytes(content), rules)
  })
}

/** The same over a content of any size, in constant memory. Rejects only with what the stream itself rejects with. */
export async function cadesFactsOfStream(
  message: Uint8Array,
  content: AsyncIterable<Uint8Array>,
  rules: CadesRules = {},
): Promise<CadesReport> {
  let read: SignedMessage
  try {
    read = readSignedMessage(message, rules)
  } catch (error) {
    return unreadable(error)
  }
  return factsOfMessage(read.data, await digestStream(content, read.hashes), rules)
}

/** @param detached hashes the content that the message does not bring */
function factsOfMessage(data: SignedData, detached: DigestOf | undefined, rules: CadesRules = {}): CadesReport {
  const { content, contentType } = data
  // Two contents would leave open which of them is signed.
  const digestOf = content && detached ? undefined : content ? digestOfBytes(content) : detached
  const { allowLegacyAlgorithms, cache, requireSigningCertificate = true } = rules
  const certificates = data.certificates.flatMap((each) => cache?.read(each) ?? certificateOrNone(each))
  const choicesOf = choicesByDigest(data)
  const verifyRules = { allowLegacyAlgorithms, contentType, certificates, requireSigningCertificate }
  return {
    error: undefined,
    signatures: data.signers.map((signer) => judge({ data, signer, digestOf, choicesOf, certificates }, verifyRules)),
    content,
    contentType,
    evidence: evidenceOf(data),
  }
}

function judge(question: StampsQuestion, rules: VerifyRules): CadesSignature {
  const { data, signer, digestOf } = question
  const report = verifySigner(data, signer, digestOf ?? (() => Buffer.alloc(0)), rules)
  const { timestamps, refused } = verifyStamps(question)
  const sound = report.sound && digestOf !== undefined
  const facts = {
    sound,
    failure: sound ? undefined : failureOf(report, digestOf),
    signer: report.certificate,
    certificates: report.certificates,
    claimedTime: readSigningTime(signer.signedAttributes?.values),
    digest: report.digest,
    timestamps,
  }
  const checks: CadesCheck[] = [
    ...(digestOf ? [] : [{ name: 'content' as const, ok: false, detail: 'what is signed is not here, or twice' }]),
    ...report.checks,
    ...timestamps.map(({ report: { sound: ok } }) => ({ name: 'time-stamp' as const, ok, detail: told(ok) })),
    ...refused.map((detail) => ({ name: 'time-stamp' as const, ok: false, detail })),
  ]
  return { facts, level: levelOf(data, signer, facts), checks, unread: unreadOf(signer) }
}

const told = (ok: boolean): string => (ok ? 'the time-stamp holds' : 'the time-stamp’s signature does not hold')

/** In the order of EN 319 102-1 (5.3.4): who, what, how, and whether the value holds. */
function failureOf({ checks }: SignerReport, digestOf: DigestOf | undefined): FormatFailure {
  const failed = new Set(checks.flatMap(({ name, ok }) => (ok ? [] : [name])))
  if (failed.has('signer-certificate')) return 'NO_SIGNING_CERTIFICATE_FOUND'
  if (failed.has('attributes') || failed.has('content-type')) return 'SIG_CONSTRAINTS_FAILURE'
  if (!digestOf) return 'SIGNED_DATA_NOT_FOUND'
  if (failed.has('message-digest')) return 'HASH_FAILURE'
  if (failed.has('algorithms')) return 'CRYPTO_CONSTRAINTS_FAILURE'
  if (failed.has('signature')) return 'SIG_CRYPTO_FAILURE'
  return failed.has('signing-certificate') ? 'NO_SIGNING_CERTIFICATE_FOUND' : 'SIG_CRYPTO_FAILURE'
}

const READ: ReadonlySet<string> = new Set([
  OID.signatureTimeStampToken,
  OID.archiveTimestampV3,
  OID.certificateValues,
  OID.revocationValues,
])

const unreadOf = ({ unsignedAttributes }: SignerInfo): string[] =>
  [...(unsignedAttributes?.values.keys() ?? [])].filter((type) => !READ.has(type))

function reported(judgeAll: () => CadesReport): CadesReport {
  try {
    return judgeAll()
  } catch (error) {
    return unreadable(error)
  }
}

function unreadable(error: unknown): CadesReport {
  if (!(error instanceof CmsError)) throw error
  return { error: error.fault, signatures: [], content: undefined, contentType: undefined, evidence: noData() }
}
