import type { SignedData } from '#trust/cms/read-signed-data.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, noData, type ValidationData } from '#trust/validation/facts.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import type { ModificationReport } from './modifications.ts'
import type { ContentsReport } from './verify-contents.ts'
import { type EvidenceReader, hasRevocationData, readSignedEvidence } from './verify-evidence.ts'
import type { PadesLevel, PdfSignature } from './verify-report.ts'

/** A signature as it was found, before it is known what came after it. */
export interface Judged {
  contents: ContentsReport | undefined
  change: ModificationReport
  signature: PdfSignature
}

/** The first byte of the file that is not signed. */
export const endOf = ({ byteRange }: PdfSignature): number => (byteRange ? byteRange[2] + byteRange[3] : 0)

/**
 * Each signature with what stamps it, its level, and the time it is proved to have existed: by its own time-stamp, or by the first
 * one of the whole document.
 * @param judged in the order in which they were made
 */
export function placeInTime(file: PdfFile, judged: readonly Judged[], reader: EvidenceReader): PdfSignature[] {
  const stamps = judged.flatMap((one, i) => readStamp(one, judged.slice(0, i), reader) ?? [])
  return judged.map((one) => {
    const later = stamps.filter((stamp) => stamp.end > endOf(one.signature))
    const timestamps = [...ownStamps(one), ...later.map(({ covering }) => covering)]
    return { ...one.signature, timestamps, ...levelAndProof(file, one.signature, later) }
  })
}

interface DocumentStamp {
  end: number
  sound: boolean
  /** The file as it was when it was stamped. */
  stamped: PdfFile | undefined
  covering: CoveringTimestamp
}

/** A time-stamp of the whole document, with all that is inside what it stamps. @param earlier what was signed before it */
function readStamp(
  { signature, change }: Judged,
  earlier: readonly Judged[],
  reader: EvidenceReader,
): DocumentStamp | undefined {
  const { kind, timestamp, sound } = signature
  if (kind !== 'document-timestamp' || !timestamp) return undefined
  const end = endOf(signature)
  const inside = earlier.filter((one) => endOf(one.signature) < end).flatMap(({ contents }) => contents?.data ?? [])
  const covers = change.signed ? readSafely(reader, change.signed, inside) : noData()
  // Of what the file says, not of the token alone: a token over other bytes proves nothing here.
  const report: TimestampReport = { ...timestamp, sound: timestamp.sound && sound }
  return { end, sound: report.sound, stamped: change.signed, covering: { kind: 'archive', report, covers } }
}

/** A store that cannot be read holds nothing. */
function readSafely(reader: EvidenceReader, stamped: PdfFile, inside: readonly SignedData[]): ValidationData {
  try {
    return reader.read(stamped, inside)
  } catch (error) {
    if (error instanceof PdfError) return noData()
    throw error
  }
}

function ownStamps({ contents }: Judged): CoveringTimestamp[] {
  const covers = contents?.data ? readSignedEvidence(contents.data) : noData()
  return (contents?.timestamps ?? [])
    .toSorted((a, b) => a.time.getTime() - b.time.getTime())
    .map((report) => ({ kind: 'signature', report, covers }))
}

function levelAndProof(
  file: PdfFile,
  { kind, sound, subFilter, timestamp }: PdfSignature,
  later: readonly DocumentStamp[],
): Pick<PdfSignature, 'level' | 'timestamp'> {
  if (kind === 'document-timestamp') return { level: 'none', timestamp }
  const stamps = later.filter((stamp) => stamp.sound)
  const proof = timestamp?.sound ? timestamp : (stamps[0]?.covering.report ?? timestamp)
  const isPades = sound && subFilter === 'ETSI.CAdES.detached'
  return { level: isPades ? levelOf(file, proof?.sound === true, stamps) : 'none', timestamp: proof }
}

function levelOf(file: PdfFile, isStamped: boolean, stamps: readonly DocumentStamp[]): PadesLevel {
  if (!isStamped) return 'B-B'
  if (!hasRevocationData(file)) return 'B-T'
  return stamps.some(({ stamped }) => stamped && hasRevocationData(stamped)) ? 'B-LTA' : 'B-LT'
}
