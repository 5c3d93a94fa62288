import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { NoteVerifier } from '#trust/note/signed-note.ts'
import { boundEvidence } from './bounded-evidence.ts'
import { joinData } from './facts.ts'
import type { FileReport, PartReport, SignatureReport } from './file-report.ts'
import { type GroundsInput, readGrounds } from './grounds.ts'
import { judgeFound } from './judge-found.ts'
import { judgePart } from './judge-part.ts'
import { readSignedFile } from './read-signed-file.ts'
import type { SignedFile } from './signed-file.ts'
import type { SignatureQuestion } from './validate-signature.ts'

/** Whom somebody believes, and what they know besides the file. */
export interface ExamineTrust extends Omit<GroundsInput, 'evidence' | 'at'> {
  /** The key of the log, for its proofs and checkpoints. */
  log?: NoteVerifier | undefined
  /** Whether a certificate is of a demo: what rests on it proves nothing about the world. */
  isDemo?: (certificate: Certificate) => boolean
  /** Proofs of existence by other means than time-stamps. */
  existenceOf?: (signature: SignedFile['signatures'][number]) => SignatureQuestion['existence']
  /** Revocation lists, answers and certificates gathered elsewhere. */
  evidence?: GroundsInput['evidence']
}

/** What belongs to a file and is not in it. */
export interface Beside {
  /** What a detached signature or time-stamp is over; the entry that a log's proof is of. */
  content?: Buffer | undefined
}

/**
 * Tells what a file is by its bytes, reads what is signed in it and judges each signature at that time (EN 319 102-1). Pure: no
 * network, no clock. Never throws for what the bytes are.
 * @param at the time of validation
 */
export function examine(file: Buffer, trust: ExamineTrust, at: Date, beside: Beside = {}): FileReport {
  return validateFile(file, readSignedFile(file, beside), trust, at, beside)
}

/** The second half of it, for whoever looked at what was read first. @param file as given */
export function validateFile(
  file: Buffer,
  read: SignedFile,
  trust: ExamineTrust,
  at: Date,
  beside: Beside = {},
): FileReport {
  const { evidence = { certificates: [], crls: [], ocspResponses: [] } } = trust
  const grounds = readGrounds({ ...trust, evidence: joinData(boundEvidence(read.evidence), evidence), at })
  const signatures = read.signatures.map((found) => judgeFound(found, grounds, trust))
  const part = read.error ? undefined : judgePart(read, { trust, grounds, beside })
  const parts = part ? [part] : []
  const sound = isSound(read, signatures, parts)
  return {
    format: read.format,
    sha256: createHash('sha256').update(file).digest('hex'),
    size: file.length,
    validatedAt: at,
    error: read.error,
    signatures,
    parts,
    sound,
    trusted: sound && signatures.every(({ trusted }) => trusted) && parts.every(isPassed),
    file: read,
  }
}

const isPassed = ({ indication }: PartReport): boolean => indication === 'PASSED'

function isSound(read: SignedFile, signatures: readonly SignatureReport[], parts: readonly PartReport[]): boolean {
  if (read.error || signatures.length + parts.length === 0) return false
  return (
    signatures.every(({ sound, found }) => sound && found.modifications !== 'suspicious' && !found.constraintFailure) &&
    parts.every(({ indication, subIndication }) => indication !== 'FAILED' && subIndication !== 'SIGNED_DATA_NOT_FOUND')
  )
}
