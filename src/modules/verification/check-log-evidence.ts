import { commitTo, readEntry } from '#modules/ledger/index.ts'
import { hashLeaf } from '#trust/merkle/tree.ts'
import type { NoteVerifier } from '#trust/note/signed-note.ts'
import { parseTlogProof, verifyTlogProof } from '#trust/note/tlog-proof.ts'
import type { LogFinding } from './explanation.ts'

export interface LogParts {
  proof: Buffer
  entry: Buffer
  record: Buffer
}

/**
 * Whether the entry that the document carries is in the log, is opened by the record beside it, and the record is of this act.
 * @param data the document's own data: what it says of folio and application must be what was logged
 */
export function checkLogEvidence(parts: LogParts, data: unknown, verifier: NoteVerifier | undefined): LogFinding {
  const proof = parts.proof.toString('utf8')
  const entry = readEntry(parts.entry)
  const report = verifyTlogProof(proof, hashLeaf(parts.entry), verifier)
  const about = {
    act: entry?.act,
    at: entry?.at,
    origin: report.checkpoint?.origin,
    index: parseTlogProof(proof)?.index,
  }
  if (!entry) return { indication: 'FAILED', reason: 'what it carries is not an entry of the log', ...about }
  const opened = readRecord(parts.record)
  if (!opened || commitTo(opened.salt, opened.record) !== entry.commitment)
    return { indication: 'FAILED', reason: 'the record does not open the entry', ...about }
  if (!isOfAct(opened.record, data))
    return { indication: 'FAILED', reason: 'the entry is of another act than the document', ...about }
  return { indication: report.indication, reason: report.reason, ...about }
}

function readRecord(bytes: Buffer): { salt: Buffer; record: string } | undefined {
  try {
    const { salt, record } = JSON.parse(bytes.toString('utf8')) as { salt?: unknown; record?: unknown }
    if (typeof salt !== 'string' || typeof record !== 'string') return undefined
    return { salt: Buffer.from(salt, 'base64url'), record }
  } catch {
    return undefined
  }
}

const LINKS = ['folio', 'application', 'notice'] as const

/** What both name must agree, and something must be named by both: else the entry of any act would do. */
function isOfAct(record: string, data: unknown): boolean {
  const logged = parse(record)
  if (!logged || typeof data !== 'object' || data === null) return false
  const { folio, application, notice } = data as {
    folio?: unknown
    application?: { sha256?: unknown }
    notice?: unknown
  }
  const said = { folio, application: application?.sha256, notice }
  const both = LINKS.filter((link) => said[link] !== undefined && logged[link] !== undefined)
  return both.length > 0 && both.every((link) => said[link] === logged[link])
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
