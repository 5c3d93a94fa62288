import type { LogEvidence } from '#modules/cases/index.ts'
import type { CaseFileParts } from './case-file-parts.ts'
import { type CaseContents, isIn } from './gather-case.ts'

/** An act of the case that stands in the public log, with what proves it. */
export interface ProvenEntry {
  /** As the history or the notice's events name it. */
  act: string
  facts: Record<string, unknown>
  evidence: LogEvidence
}

interface Entry {
  act: string
  facts: Record<string, unknown>
  id: string
}

/** Entries of acts that this reader has before them: a record says what its act says. */
function entriesOf(contents: CaseContents): Entry[] {
  const steps = contents.steps
    .filter(({ document_id }) => isIn(contents, document_id))
    .map(({ act, facts, log_entry }) => ({ act, facts, id: log_entry }))
  const events = contents.notices
    .filter(({ notice }) => isIn(contents, notice.actDocumentId))
    .flatMap(({ events: all }) => all.map(({ event, logEntry }) => ({ act: event, facts: {}, id: logEntry })))
  const submitted = { act: 'submitted', facts: {}, id: contents.record.logEntry }
  const named = [submitted, ...steps, ...events].filter((each): each is Entry => each.id !== null)
  return [...new Map(named.map((each) => [each.id, each])).values()]
}

/**
 * What proves each act's place in the log. Proofs that were in the file before stay in it as they were; an entry that has no place yet
 * is left out, and comes with the next file.
 */
export async function proveEntries(
  { cases }: CaseFileParts,
  contents: CaseContents,
  known: Readonly<Record<string, LogEvidence>>,
): Promise<{ proven: ProvenEntry[]; proofs: Record<string, LogEvidence> }> {
  const entries = entriesOf(contents)
  // Together: each may wait for its place in the log, and nobody should wait for them one after the other.
  const evidence = await Promise.all(entries.map(({ id }) => known[id] ?? cases.log.proofFor(id)))
  const found = entries.flatMap((entry, i) => {
    const proof = evidence[i]
    return proof ? [{ ...entry, evidence: proof }] : []
  })
  return { proven: found, proofs: Object.fromEntries(found.map(({ id, evidence: proof }) => [id, proof])) }
}
