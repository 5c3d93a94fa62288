import { say } from '#kernel/texts.ts'
import { actTexts } from '#modules/cases/index.ts'
import { readAttachment } from '#modules/documents/index.ts'
import { readLastingDocument } from '#modules/preservation/index.ts'
import type { CaseFileParts } from './case-file-parts.ts'
import { type CaseContents, isIn, type NoticeWithEvents } from './gather-case.ts'
import type { ProvenEntry } from './log-entries.ts'
import { eventNames, fileWords, kindNames } from './texts.ts'

/** One file of the container before its bytes are read. */
export interface ListedFile {
  name: string
  mimeType: string
  section: 'documents' | 'attachments' | 'evidence'
  /** For people: a document's own, the name a person gave, or what a proof proves. */
  title: { es: string; en: string }
  /** Of official documents and of what was handed in: hexadecimal, as issued or as received. */
  sha256?: string
  kind?: string
  documentId?: string
  code?: string
  at?: Date
  read(): Promise<ReadFile>
}

export interface ReadFile {
  bytes: Buffer
  /** Of a document in its lasting form: how many of the first bytes are the document as it was issued. */
  issuedBytes?: number
}

/** Names of files in the case's own language, in order, of letters that every system has. */
export function listFiles(parts: CaseFileParts, contents: CaseContents, proven: readonly ProvenEntry[]): ListedFile[] {
  return [...documentsOf(parts, contents), ...attachmentsOf(parts, contents), ...evidenceOf(contents, proven)]
}

const numbered = (i: number): string => String(i + 1).padStart(2, '0')
const both = (title: string) => ({ es: title, en: title })

function documentsOf({ cases: { db } }: CaseFileParts, { record, documents }: CaseContents): ListedFile[] {
  const folder = say(fileWords, 'folder.documents', record.language)
  return documents.map(({ id, kind, title, sha256, code, createdAt, ownerId }, i) => ({
    name: `${folder}/${numbered(i)}-${kind in kindNames ? say(kindNames, kind as keyof typeof kindNames, record.language) : kind}.pdf`,
    mimeType: 'application/pdf',
    section: 'documents',
    title: both(title),
    sha256,
    kind,
    documentId: id,
    code,
    at: createdAt,
    // With what makes it last: its first bytes are the document as it was issued.
    read: async () => {
      const { bytes, original } = await readLastingDocument(db, ownerId, id)
      return { bytes, issuedBytes: original.size }
    },
  }))
}

function attachmentsOf({ cases: { db } }: CaseFileParts, { record, attachments }: CaseContents): ListedFile[] {
  const folder = say(fileWords, 'folder.attachments', record.language)
  return attachments.map(({ id, name, type, sha256, field }, i) => ({
    name: `${folder}/${numbered(i)}-${plain(name)}`,
    mimeType: type,
    section: 'attachments',
    title: both(name),
    sha256,
    kind: field,
    documentId: id,
    read: async () => ({ bytes: (await readAttachment(db, record.ownerId, id)).content }),
  }))
}

/** A name that people gave, as every system can write it: «Ñandú (1).PDF» is `nandu-1.pdf`. */
export function plain(name: string): string {
  const dot = name.lastIndexOf('.')
  const slug = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, '']
  const named = slug(stem).slice(0, 60).replace(/-$/, '') || 'archivo'
  return ending ? `${named}.${slug(ending).slice(0, 5) || 'bin'}` : named
}

function evidenceOf(contents: CaseContents, proven: readonly ProvenEntry[]): ListedFile[] {
  const { record, notices } = contents
  const folder = say(fileWords, 'folder.evidence', record.language)
  const files = proven.flatMap(({ act, facts, evidence: { proof, entry, salt, record: opened } }, i): ListedFile[] => {
    const named = `${folder}/${numbered(i)}-${act.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`
    const title = (key: 'log.proof' | 'log.entry' | 'log.record') => ({
      es: say(fileWords, key, 'es', { act: actTitle(act, facts, 'es') }),
      en: say(fileWords, key, 'en', { act: actTitle(act, facts, 'en') }),
    })
    const file = (ending: string, mimeType: string, key: Parameters<typeof title>[0], text: string): ListedFile => ({
      name: `${named}-${ending}`,
      mimeType,
      section: 'evidence',
      title: title(key),
      read: async () => ({ bytes: Buffer.from(text) }),
    })
    return [
      file('log-proof.txt', 'text/plain', 'log.proof', proof),
      file('log-entry.json', 'application/json', 'log.entry', entry),
      file('log-record.json', 'application/json', 'log.record', JSON.stringify({ salt, record: opened })),
    ]
  })
  if (notices.length === 0) return files
  const shown = notices.map((each) => showNotice(contents, each))
  const noticesFile: ListedFile = {
    name: `${folder}/notices.json`,
    mimeType: 'application/json',
    section: 'evidence',
    title: fileWords['notices.file'],
    read: async () => ({ bytes: Buffer.from(`${JSON.stringify(shown, null, 2)}\n`) }),
  }
  return [...files, noticesFile]
}

/** What happened, in words. */
export function actTitle(act: string, facts: Record<string, unknown>, language: 'es' | 'en'): string {
  const said = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)]))
  if (act in actTexts) return say(actTexts, act as keyof typeof actTexts, language, said)
  return act in eventNames ? say(eventNames, act as keyof typeof eventNames, language) : act
}

/** Of a notice that is closed to this reader, what the mailbox shows of it too: its particulars already tell how it was decided. */
function showNotice(contents: CaseContents, { notice, events }: NoticeWithEvents) {
  const { ownerId: _, caseId: __, particulars, ...shown } = notice
  return { ...shown, ...(isIn(contents, notice.actDocumentId) && { particulars }), events }
}
