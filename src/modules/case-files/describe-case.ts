import { type CaseContents, isIn } from './gather-case.ts'
import type { ListedFile } from './list-files.ts'

/** A file of the container once its bytes were read. */
export interface WrittenFile extends Omit<ListedFile, 'read'> {
  /** Of the file as it is here. */
  digest: string
  bytes: number
  issuedBytes: number | undefined
}

/** `case.json`: what the index says, for programs. Nothing in it depends on when the file was asked for. */
export function describeCase(contents: CaseContents, files: readonly WrittenFile[]): Buffer {
  const { record, ficha, reader, steps, preventions, looks } = contents
  const { folio, status, language, channel, applicant, data, submittedAt, receivedAt, term, dueAt, closedAt } = record
  const said = {
    format: 'ventanilla case-file 1',
    folio,
    caseId: record.id,
    reader,
    application: { sha256: files.find(({ documentId }) => documentId === record.applicationId)?.sha256 },
    service: { id: ficha.id, version: ficha.version, homoclave: ficha.homoclave.key, name: ficha.name },
    institution: record.institution,
    status,
    language,
    channel,
    applicant,
    data,
    submittedAt,
    receivedAt,
    term,
    dueAt,
    closedAt,
    linkedCase: record.linkedCase,
    notices: { electronic: record.notices.electronic },
    history: steps.map(({ at, act, by_kind, by_name, by_post, status: then, document_id, log_entry, facts }) => ({
      at,
      act,
      by: by_kind,
      name: by_name,
      post: by_post,
      status: then,
      documentId: document_id,
      logEntry: log_entry,
      facts,
    })),
    requests: preventions.map((each) => ({
      id: each.id,
      binding: each.binding,
      postedAt: each.posted_at,
      asked: isIn(contents, each.document_id) ? each.asked : null,
      answerDueAt: each.answer_due_at,
      answerTerm: each.answer_term,
      answeredAt: each.answered_at,
      answer: each.answer,
    })),
    looks: looks.map(({ at, by_name, institution, purpose }) => ({ at, name: by_name, institution, purpose })),
    files: files.map(({ name, mimeType, section, title, digest, bytes, kind, documentId, code, at, ...issued }) => ({
      name,
      type: mimeType,
      section,
      title: title[language],
      kind,
      documentId,
      sha256: digest,
      bytes,
      issued: issued.issuedBytes === undefined ? undefined : { sha256: issued.sha256, bytes: issued.issuedBytes },
      code,
      at,
    })),
  }
  return Buffer.from(`${JSON.stringify(said, null, 2)}\n`)
}
