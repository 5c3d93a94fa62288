import { certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { hashLeaf } from '#trust/merkle/tree.ts'
import { openCheckpoint, parseCheckpointText } from '#trust/note/checkpoint.ts'
import { parseNote } from '#trust/note/signed-note.ts'
import { parseTlogProof, verifyTlogProof } from '#trust/note/tlog-proof.ts'
import type { Beside, ExamineTrust } from './examine.ts'
import type { PartReport } from './file-report.ts'
import type { Grounds } from './grounds.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { anchorOf } from './judge-found.ts'
import { createProofs } from './proofs.ts'
import type { SignedFile } from './signed-file.ts'

interface Given {
  trust: ExamineTrust
  grounds: Grounds
  beside: Beside
}

/** What a file is that holds no signature over something else; undefined for the formats that do. */
export function judgePart({ format, bytes }: SignedFile, given: Given): PartReport | undefined {
  if (format === 'certificate') return judgeLoneCertificate(bytes, given)
  if (format === 'log-proof') return judgeProof(bytes.toString('utf8'), given)
  return format === 'checkpoint' ? judgeCheckpoint(bytes.toString('utf8'), given) : undefined
}

const partOf = (parts: Pick<PartReport, 'kind' | 'indication' | 'reason'> & Partial<PartReport>): PartReport => ({
  subIndication: undefined,
  certificate: undefined,
  verdict: undefined,
  anchor: undefined,
  checkpoint: undefined,
  ...parts,
})

function judgeLoneCertificate(bytes: Buffer, { trust, grounds }: Given): PartReport {
  const [certificate] = certificateOrNone(bytes)
  if (!certificate)
    return partOf({
      kind: 'certificate',
      indication: 'FAILED',
      subIndication: 'FORMAT_FAILURE',
      reason: 'The certificate cannot be read.',
    })
  const question = { certificate, certificates: [], existedAt: grounds.at }
  const verdict = judgeCertificate(question, grounds, createProofs(grounds.at))
  const { indication, subIndication, reason } = verdict
  const anchor = anchorOf(verdict, certificate, trust)
  return partOf({ kind: 'certificate', indication, subIndication, reason, certificate, verdict, anchor })
}

/** Without the entry that it is of, a proof can only be of something unknown. */
function judgeProof(text: string, { trust, beside }: Given): PartReport {
  const proof = parseTlogProof(text)
  if (!proof)
    return partOf({
      kind: 'log-proof',
      indication: 'FAILED',
      subIndication: 'FORMAT_FAILURE',
      reason: 'This is not a proof of the log.',
    })
  if (!beside.content)
    return partOf({
      kind: 'log-proof',
      indication: 'INDETERMINATE',
      subIndication: 'SIGNED_DATA_NOT_FOUND',
      reason: 'The entry that the proof is of is not here.',
      checkpoint: readUnverified(proof.checkpoint),
    })
  const { indication, reason, checkpoint } = verifyTlogProof(text, hashLeaf(beside.content), trust.log)
  return partOf({ kind: 'log-proof', indication, reason: sentence(reason), checkpoint, ...subOf(indication) })
}

function judgeCheckpoint(text: string, { trust: { log } }: Given): PartReport {
  const checkpoint = readUnverified(text)
  if (!checkpoint)
    return partOf({
      kind: 'checkpoint',
      indication: 'FAILED',
      subIndication: 'FORMAT_FAILURE',
      reason: 'This is not a checkpoint.',
    })
  if (!log)
    return partOf({
      kind: 'checkpoint',
      indication: 'INDETERMINATE',
      reason: 'No log key is trusted here.',
      checkpoint,
      ...subOf('INDETERMINATE'),
    })
  const opened = openCheckpoint(text, log)
  const indication = opened ? 'PASSED' : 'FAILED'
  const reason = opened ? 'The trusted log signed this checkpoint.' : 'The checkpoint is not signed by the trusted log.'
  return partOf({ kind: 'checkpoint', indication, reason, checkpoint, ...subOf(indication) })
}

/** A signature by a key that nobody here knows lacks its signer; one that should be the log's and is not has failed (5.1.3). */
const subOf = (indication: PartReport['indication']): Pick<PartReport, 'subIndication'> => ({
  subIndication:
    indication === 'PASSED'
      ? undefined
      : indication === 'FAILED'
        ? 'SIG_CRYPTO_FAILURE'
        : 'NO_SIGNING_CERTIFICATE_FOUND',
})

function readUnverified(message: string) {
  const note = parseNote(message)
  return note && parseCheckpointText(note.text)
}

const sentence = (reason: string): string => `${reason[0]!.toUpperCase()}${reason.slice(1)}.`
