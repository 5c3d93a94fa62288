import { type DocumentsParts, sealDocument } from '#modules/documents/index.ts'
import type { Explanation } from './explanation.ts'
import { type ReportFrame, writeReport } from './write-report.ts'

/** The report as a PDF under a seal. Nothing of it is kept. @param at when it is sealed */
export async function sealReport(
  parts: Pick<DocumentsParts, 'renderer' | 'seal' | 'sealOf' | 'platformName'>,
  explanation: Explanation,
  frame: ReportFrame,
  at: Date,
): Promise<Buffer> {
  return (await sealDocument(parts, writeReport(explanation, frame), at)).bytes
}
