import { fromBase64 } from '#kernel/bytes.ts'
import { type Clock, readIsoInstant, systemClock } from '#kernel/clock.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { checkPath, createPathCache, type PathCache, type PathReport } from '#trust/path/check-path.ts'
import { type PdfCheck, type PdfSignature, verifyPdf } from '#trust/pdf/verify-pdf.ts'
import type { ValidationData } from '#trust/validation/facts.ts'

type Id = string | number | null

/** Terms of ETSI EN 319 102-1, 5.1.3. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'

export interface SignatureAnswer {
  kind: PdfSignature['kind']
  sound: boolean
  indication: Indication
  /** Absent where passed. */
  subIndication?: string
  level: PdfSignature['level']
  coversWholeFile: boolean
  modifications: PdfSignature['modifications']
  /** Sentences, without any person's name or number. */
  reasons: string[]
}

export type VerifyAnswer =
  | { id: Id; format: 'pdf'; signatures: SignatureAnswer[] }
  | { id: Id; format: 'pdf' | 'unknown'; error: string }

/**
 * `verify --batch`: one JSON case a line, one answer each, in the same order. A line that is no case gets an answer too. No
 * network is used: revocation is judged by what the file carries. Without `at`, the time is the clock's.
 */
export async function* verifyBatch(
  lines: AsyncIterable<string> | Iterable<string>,
  clock: Clock = systemClock,
): AsyncGenerator<VerifyAnswer> {
  const cache = createPathCache()
  for await (const line of lines) if (line.trim() !== '') yield verifyLine(line, { clock, cache })
}

interface Shared {
  clock: Clock
  cache: PathCache
}

interface Case {
  id: Id
  file: Buffer
  trustAnchors: Buffer[]
  at: Date
}

class BadCase extends Error {}

function verifyLine(line: string, { clock, cache }: Shared): VerifyAnswer {
  const fields = readObject(line)
  const id = typeof fields?.id === 'string' || typeof fields?.id === 'number' ? fields.id : null
  try {
    if (!fields) throw new BadCase('The line is not a JSON object.')
    return verifyCase(readCase(id, fields, clock), cache)
  } catch (error) {
    if (error instanceof BadCase) return { id, format: 'unknown', error: error.message }
    throw error
  }
}

function readCase(id: Id, fields: Record<string, unknown>, clock: Clock): Case {
  const anchors = fields.trustAnchors ?? []
  if (!Array.isArray(anchors)) throw new BadCase('trustAnchors is not a list.')
  return {
    id,
    file: readBytes(fields.file, 'file'),
    trustAnchors: anchors.map((each: unknown) => readBytes(each, 'trustAnchors')),
    at: fields.at === undefined || fields.at === null ? clock.now() : readInstant(fields.at),
  }
}

function readObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function readBytes(value: unknown, field: string): Buffer {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (!bytes) throw new BadCase(`${field} is not base64.`)
  return bytes
}

function readInstant(value: unknown): Date {
  const instant = readIsoInstant(value)
  if (!instant) throw new BadCase('at is not an instant in ISO 8601.')
  return instant
}

function verifyCase(one: Case, cache: PathCache): VerifyAnswer {
  const report = verifyPdf(one.file)
  const { id } = one
  if (report.error)
    return {
      id,
      format: report.error.problem === 'not-a-pdf' ? 'unknown' : 'pdf',
      error: `The file cannot be read: ${report.error.detail}.`,
    }
  const signatures = report.signatures.map((signature) => answerFor(signature, report.evidence, one, cache))
  return { id, format: 'pdf', signatures }
}

const FAILED: Record<PdfCheck['name'], string> = {
  'byte-range': 'The signature does not cover all of the file but itself.',
  format: 'The signature is not of a form that is accepted.',
  'signer-certificate': 'The signer’s certificate is missing.',
  attributes: 'The signed attributes are missing.',
  'content-type': 'The signed content type is not the content’s.',
  'message-digest': 'The signed digest is not the file’s.',
  'signing-certificate': 'The signature names another certificate than the one it is made with.',
  signature: 'The signature value does not hold, or its algorithm is not accepted.',
  'time-stamp': 'A time-stamp does not hold.',
}

interface Verdict {
  indication: Indication
  subIndication?: string
  reason?: string
}

function answerFor(signature: PdfSignature, evidence: ValidationData, one: Case, cache: PathCache): SignatureAnswer {
  const { indication, subIndication, reason } = judge(signature, evidence, one, cache)
  const { kind, sound, level, coversWholeFile, modifications, modificationReasons, checks } = signature
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => FAILED[name])
  return {
    kind,
    sound,
    indication,
    subIndication,
    level,
    coversWholeFile,
    modifications,
    reasons: [...failed, ...modificationReasons, ...(reason === undefined ? [] : [reason])],
  }
}

/** The signature first, then what was done to the file since, then whom to trust (EN 319 102-1, 5.2 and 5.3). */
function judge(signature: PdfSignature, evidence: ValidationData, one: Case, cache: PathCache): Verdict {
  if (!signature.sound) return unsound(signature)
  // The bytes signed stand; but what the file shows now is not what was signed.
  if (signature.modifications === 'suspicious')
    return { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE' }
  const { signer, timestamp } = signature
  if (!signer) return { indication: 'INDETERMINATE', subIndication: 'NO_SIGNING_CERTIFICATE_FOUND' }
  const ask = (certificate: Certificate, certificates: readonly Certificate[], at: Date) =>
    checkPath({
      certificate,
      trustAnchors: one.trustAnchors,
      intermediates: [...certificates, ...evidence.certificates],
      crls: evidence.crls,
      ocspResponses: evidence.ocspResponses,
      at,
      now: one.at,
      revocation: 'require',
      cache,
    })
  const now = ask(signer, signature.certificates, one.at)
  if (now.indication === 'PASSED' || signature.kind === 'document-timestamp' || !timestamp?.sound || !timestamp.signer)
    return fromPath(now)
  // A trusted time-stamp proves that the signature was there earlier (5.6): its certificate counts as it was then.
  if (timestamp.time.getTime() > one.at.getTime()) return fromPath(now)
  const stamp = ask(timestamp.signer, timestamp.certificates, one.at)
  return fromPath(stamp.indication === 'PASSED' ? ask(signer, signature.certificates, timestamp.time) : now)
}

function fromPath({ indication, subIndication, reason }: PathReport): Verdict {
  if (indication === 'PASSED') return { indication: 'TOTAL-PASSED' }
  return { indication: indication === 'FAILED' ? 'TOTAL-FAILED' : 'INDETERMINATE', subIndication, reason }
}

function unsound({ checks, signer }: PdfSignature): Verdict {
  const failed = new Set(checks.filter(({ ok }) => !ok).map(({ name }) => name))
  if (failed.has('byte-range') || failed.has('format'))
    return { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' }
  if (!signer) return { indication: 'INDETERMINATE', subIndication: 'NO_SIGNING_CERTIFICATE_FOUND' }
  if (failed.has('message-digest')) return { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' }
  if (failed.has('signature')) return { indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE' }
  return { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE' }
}
