import { type PdfSignatureFacts, pdfFacts } from '#trust/pdf/pdf-facts.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { type CoveringTimestamp, noData } from './facts.ts'
import type { FoundSignature, SignedFile } from './signed-file.ts'

/** The signatures of a PDF, each over its own revision. Never throws for what the bytes are. */
export function readPdf(bytes: Buffer): SignedFile {
  const report = verifyPdf(bytes)
  return {
    format: 'pdf',
    bytes,
    error: report.error,
    signatures: pdfFacts(report).map(found),
    evidence: report.evidence,
    pdf: report,
  }
}

function found({ signature, facts, constraintFailure }: PdfSignatureFacts): FoundSignature {
  const { kind, fieldName, level, coversWholeFile, modifications, modificationReasons, checks } = signature
  return {
    kind: kind === 'document-timestamp' ? 'time-stamp' : 'signature',
    facts,
    stamp: stampOf({ signature, facts, constraintFailure }),
    constraintFailure,
    place: fieldName,
    level,
    covers: [],
    coversWholeFile,
    modifications,
    modificationReasons,
    checks,
  }
}

/** A token over other bytes than the file's proves nothing of the file. */
function stampOf({ signature: { kind, timestamp, sound } }: PdfSignatureFacts): CoveringTimestamp | undefined {
  if (kind !== 'document-timestamp' || !timestamp) return undefined
  return { kind: 'archive', report: { ...timestamp, sound: timestamp.sound && sound }, covers: noData() }
}
