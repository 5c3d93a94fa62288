import { type Attachment, heading, type OfficialDocument, paragraph, rows, strong } from '#modules/documents/index.ts'
import type { CaseRecord } from './case-record.ts'

import { applicantRows, type Common, frame, words } from './document-parts.ts'

export interface PreventionInput extends Common {
  record: CaseRecord
  binding: boolean
  asked: string
  days: number
  signer: { name: string; post: string }
  at: Date
}

/** In writing, once, within the first third of the term (LFPA 17-A); later it is only a request. */
export function preventionDocument({
  record,
  binding,
  asked,
  days,
  signer,
  at,
  ...common
}: PreventionInput): OfficialDocument {
  const { institution, writing } = common
  const t = words(writing.language)
  return {
    kind: 'prevention',
    ...frame(common),
    title: t(binding ? 'prevention' : 'information'),
    folio: record.folio,
    data: { format: 'ventanilla prevention 1', folio: record.folio, binding, asked, days, at: at.toISOString() },
    blocks: [
      rows([
        [t('placeAndDate'), `${institution.place[writing.language]}, ${writing.instant(at)}`],
        [t('name'), record.applicant.name],
      ]),
      paragraph(t('prevention.first')),
      strong(asked),
      paragraph(binding ? t('prevention.term', { days }) : t('information.term')),
      heading(t('servant')),
      rows([
        [t('name'), signer.name],
        [t('authority'), signer.post],
      ]),
    ],
  }
}

export function answerDocument(
  common: Common,
  record: CaseRecord,
  asked: string,
  answer: string,
  attachments: Array<Attachment & { content: Buffer }>,
): OfficialDocument {
  const t = words(common.writing.language)
  return {
    kind: 'prevention-answer',
    ...frame(common),
    title: t('answer'),
    folio: record.folio,
    data: {
      format: 'ventanilla prevention-answer 1',
      folio: record.folio,
      asked,
      answer,
      attachments: attachments.map(({ content: _, id: __, ...each }) => each),
    },
    blocks: [
      applicantRows(record.applicant, common.writing.language),
      heading(t('asked')),
      paragraph(asked),
      heading(t('answered')),
      strong(answer),
    ],
    attachments: attachments.map(({ name, type, content }, i) => ({
      name: `${i + 1}-${name}`,
      type,
      bytes: content,
      relationship: 'supplement' as const,
      description: name,
    })),
  }
}
