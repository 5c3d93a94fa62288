import { type Clock, systemClock } from '#kernel/clock.ts'
import { createPathCache, type PathCache } from '#trust/path/check-path.ts'
import { examine } from '#trust/validation/examine.ts'
import type { FileReport, SignatureReport } from '#trust/validation/file-report.ts'
import type { SignatureIndication } from '#trust/validation/report.ts'
import type { Modifications } from '#trust/validation/signed-file.ts'
import type { FileFormat } from '#trust/validation/tell-format.ts'
import {
  BadCase,
  type CaseFields,
  type CaseId,
  idOf,
  readBytes,
  readFields,
  readInstant,
  readList,
} from '../batch-case.ts'

export interface SignatureAnswer {
  kind: 'signature' | 'document-timestamp'
  sound: boolean
  indication: SignatureIndication
  /** Absent where passed. */
  subIndication?: string
  level: string
  coversWholeFile: boolean
  modifications: Modifications
  /** Sentences, without any person's name or number. */
  reasons: string[]
}

export type VerifyAnswer =
  | { id: CaseId; format: FileFormat; signatures: SignatureAnswer[] }
  | { id: CaseId; format: FileFormat; error: string }

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
  id: CaseId
  file: Buffer
  content: Buffer | undefined
  trustAnchors: Buffer[]
  at: Date
}

function verifyLine(line: string, { clock, cache }: Shared): VerifyAnswer {
  const fields = readFields(line)
  const id = idOf(fields)
  try {
    if (!fields) throw new BadCase('The line is not a JSON object.')
    return verifyCase(readCase(id, fields, clock), cache)
  } catch (error) {
    if (error instanceof BadCase) return { id, format: 'unknown', error: error.message }
    throw error
  }
}

function readCase(id: CaseId, fields: CaseFields, clock: Clock): Case {
  return {
    id,
    file: readBytes(fields.file, 'file'),
    content: fields.content === undefined ? undefined : readBytes(fields.content, 'content'),
    trustAnchors: readList(fields, 'trustAnchors'),
    at: fields.at === undefined || fields.at === null ? clock.now() : readInstant(fields.at),
  }
}

function verifyCase({ id, file, content, trustAnchors, at }: Case, cache: PathCache): VerifyAnswer {
  const { format, error, signatures, parts } = examine(file, { trustAnchors, cache }, at, { content })
  if (error) return { id, format: formatOf(format, error), error: `The file cannot be read: ${error.detail}.` }
  if (parts.length > 0) return { id, format, error: 'The file is no signed document.' }
  return { id, format, signatures: signatures.map(answerFor) }
}

/** What only says that it is a PDF is none. */
const formatOf = (format: FileFormat, { problem }: NonNullable<FileReport['error']>): FileFormat =>
  problem === 'not-a-pdf' ? 'unknown' : format

const WHOLE: Record<string, SignatureIndication> = { PASSED: 'TOTAL-PASSED', FAILED: 'TOTAL-FAILED' }

function answerFor(report: SignatureReport): SignatureAnswer {
  const { found, sound, indication, subIndication, reason, trusted } = report
  const { kind, level, coversWholeFile, modifications, modificationReasons, checks } = found
  const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)
  return {
    kind: kind === 'time-stamp' ? 'document-timestamp' : 'signature',
    sound,
    indication: WHOLE[indication] ?? (indication as SignatureIndication),
    ...(subIndication !== undefined && { subIndication }),
    level,
    coversWholeFile,
    modifications,
    reasons: [...new Set([...failed, ...modificationReasons, ...(trusted ? [] : [reason])])],
  }
}
