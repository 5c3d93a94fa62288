import type { DataQuestion } from '#modules/identity/index.ts'
import type { PdfReport, PdfSignature } from '#trust/pdf/verify-report.ts'

/**
 * Whose certificates have to be known for good to judge the document later: everybody's who signed it or stamped its time. One who
 * did so twice is asked about once, for the later time.
 * @param takenAt an instant at which the document was there, for signatures that no time-stamp covers
 */
export function questionsOf({ signatures }: PdfReport, takenAt: Date): DataQuestion[] {
  const questions = new Map<string, DataQuestion>()
  for (const each of signatures.flatMap((signature) => [...signerOf(signature, takenAt), ...stamperOf(signature)])) {
    const before = questions.get(each.certificate.sha256)
    if (!before || before.after! < each.after!) questions.set(each.certificate.sha256, each)
  }
  return [...questions.values()]
}

function signerOf({ kind, signer, certificates, timestamp }: PdfSignature, takenAt: Date): DataQuestion[] {
  if (kind === 'document-timestamp' || !signer) return []
  return [{ certificate: signer, carried: certificates, after: timestamp?.sound ? timestamp.time : takenAt }]
}

function stamperOf({ timestamp }: PdfSignature): DataQuestion[] {
  if (!timestamp?.sound || !timestamp.signer) return []
  return [{ certificate: timestamp.signer, carried: timestamp.certificates, after: timestamp.time }]
}
