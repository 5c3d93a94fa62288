import { findUnprotected } from '#trust/cms/unprotected.ts'
import { noData } from '#trust/validation/facts.ts'
import { endOf, type Judged, placeInTime } from './covering-timestamps.ts'
import { textOf } from './embedded-files.ts'
import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { ModificationJudge, type ModificationReport } from './modifications.ts'
import { RangeDigests } from './range-digests.ts'
import { isName, isRef, isString, type PdfValue } from './values.ts'
import { type ContentsReport, verifyContents } from './verify-contents.ts'
import { EvidenceReader } from './verify-evidence.ts'
import {
  findSignatures,
  type GapReading,
  readFields,
  readGap,
  type SignatureDict,
  sharedNames,
} from './verify-fields.ts'
import type { PdfReport, PdfSignature } from './verify-report.ts'

export type {
  Modifications,
  PadesLevel,
  PdfCheck,
  PdfReport,
  PdfSignature,
} from './verify-report.ts'

/**
 * Every signature of a PDF: whether bytes, digest and signature value agree, what it covers, and what was done to the file
 * since (ISO 32000-1, 12.8; EN 319 142-1). Pure: no network, no clock. Whether the signers are to be trusted is for the caller
 * to ask (`checkPath`), with the certificates and the evidence handed back. Never throws for what the bytes are.
 */
export function verifyPdf(bytes: Buffer): PdfReport {
  try {
    return verify(new PdfFile(bytes))
  } catch (error) {
    if (!(error instanceof PdfError || error instanceof RangeError)) throw error
    const problem = error instanceof PdfError ? error.problem : 'too-deep'
    const detail = error instanceof PdfError ? error.message : 'the file is nested too deeply'
    return { error: { problem, detail }, signatures: [], evidence: noData() }
  }
}

function verify(file: PdfFile): PdfReport {
  if (file.encrypted) throw new PdfError('encrypted', 'the file is encrypted')
  const found = findSignatures(file).map((each) => ({ ...each, gap: readGap(file, each) }))
  const shared = { judge: new ModificationJudge(file), ranges: new RangeDigests(file.bytes), names: sharedNames(file) }
  const judged = found
    .sort((a, b) => gapOf(a.gap) - gapOf(b.gap))
    .map((each) => judgeOne(file, shared, each))
    .sort((a, b) => endOf(a.signature) - endOf(b.signature))
  const last = judged.at(-1)
  if (last) last.signature.onlyEvidenceFollows = shared.judge.addsOnlyEvidence(endOf(last.signature))
  const messages = judged.flatMap(({ contents }) => contents?.data ?? [])
  const reader = new EvidenceReader()
  return { error: undefined, signatures: placeInTime(file, judged, reader), evidence: reader.read(file, messages) }
}

const gapOf = (gap: GapReading): number => (gap.ok ? gap.byteRange[1] : 0)

interface Shared {
  judge: ModificationJudge
  ranges: RangeDigests
  /** That more than one field has. */
  names: ReadonlySet<string>
}

function judgeOne(file: PdfFile, { judge, ranges, names }: Shared, found: SignatureDict & { gap: GapReading }): Judged {
  const { dict, object, fieldName, gap } = found
  const [filter, type] = [file.resolve(dict.get('SubFilter')), file.resolve(dict.get('Type'))]
  const subFilter = isName(filter) ? filter.name : undefined
  const contents = gap.ok
    ? verifyContents({ pdf: file.bytes, byteRange: gap.byteRange, contents: gap.contents, subFilter, ranges })
    : undefined
  const end = gap.ok ? gap.byteRange[2] + gap.byteRange[3] : 0
  const held = gap.ok ? asHeld(judge.after(end), found, gap.byteRange[1]) : NOTHING_COVERED
  const change = names.has(fieldName ?? '') ? suspected(held, 'Another field has the name of this signature’s.') : held
  const isStamp = isName(type, 'DocTimeStamp') || subFilter === 'ETSI.RFC3161'
  const signature: PdfSignature = {
    kind: isStamp ? 'document-timestamp' : 'signature',
    fieldName,
    object,
    subFilter,
    byteRange: gap.ok ? gap.byteRange : undefined,
    sound: contents?.sound ?? false,
    checks: [
      { name: 'byte-range', ok: gap.ok, detail: gap.ok ? 'all but the signature itself is covered' : gap.detail },
      ...(contents?.checks ?? []),
    ],
    signer: contents?.signer?.certificate,
    certificates: contents?.signer?.certificates ?? [],
    carried: contents?.data?.certificates ?? [],
    unprotected: contents ? unprotectedIn(contents) : [],
    claimedTime: readDate(file.resolve(dict.get('M'))) ?? contents?.signingTime,
    timestamp: contents?.timestamp,
    timestamps: [],
    digest: contents?.signer?.digest,
    level: 'none',
    coversWholeFile: gap.ok && end === file.bytes.length,
    onlyEvidenceFollows: false,
    modifications: change.modifications,
    modificationReasons: change.reasons,
  }
  return { contents, change, signature }
}

function unprotectedIn({ data, checks }: ContentsReport): string[] {
  const broken = checks.some(({ name, ok }) => name === 'time-stamp' && !ok)
  return [
    ...(data ? findUnprotected(data) : []),
    ...(broken ? ['The message carries a time-stamp that does not hold.'] : []),
  ]
}

const NOTHING_COVERED: ModificationReport = {
  modifications: 'suspicious',
  reasons: ['What is signed cannot be told from what is not.'],
  signed: undefined,
  later: [],
}

/** A signature that no field of the signed revision holds was put elsewhere, or brought from elsewhere. */
function asHeld(change: ModificationReport, { object }: SignatureDict, gapStart: number): ModificationReport {
  const { signed } = change
  try {
    const contents = signed?.dict({ num: object, gen: 0 })?.get('Contents')
    const held = signed && [...readFields(signed).values()].some(({ dict }) => refersTo(dict.get('V'), object))
    if (!signed || (held && isString(contents) && contents.start === gapStart)) return change
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
  }
  return suspected(change, 'No field of what is signed holds this signature.')
}

const suspected = (change: ModificationReport, reason: string): ModificationReport => ({
  ...change,
  modifications: 'suspicious',
  reasons: change.modifications === 'suspicious' ? [...change.reasons, reason] : [reason],
})

const refersTo = (value: PdfValue | undefined, num: number): boolean => isRef(value) && value.num === num

/** 7.9.4: `D:20261124150405-06'00'`, the rest after the year at will. */
function readDate(value: PdfValue): Date | undefined {
  if (!isString(value)) return undefined
  const match = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?(?:00'00'?)?$/.exec(
    textOf(value),
  )
  if (!match) return undefined
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((each) => (each === undefined ? undefined : Number(each))) as [number, ...Array<number | undefined>]
  const offset = (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0)) * (match[7] === '-' ? -1 : 1)
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute - offset, second))
  return Number.isNaN(date.getTime()) ? undefined : date
}
