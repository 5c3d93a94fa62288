import { heading, type OfficialDocument, paragraph, rows, strong } from '#modules/documents/index.ts'
import type { CaseRecord, TermKept } from './case-record.ts'

import { appealText, applicantRows, type Common, frame, words } from './document-parts.ts'

export function withdrawalDocument(common: Common, record: CaseRecord): OfficialDocument {
  const t = words(common.writing.language)
  return {
    kind: 'withdrawal',
    ...frame(common),
    title: t('withdrawal'),
    folio: record.folio,
    data: { format: 'ventanilla withdrawal 1', folio: record.folio },
    blocks: [
      applicantRows(record.applicant, common.writing.language),
      strong(t('withdrawal.text', { folio: record.folio })),
    ],
  }
}

/** It certifies that a term passed; it is not a decision (LFPA 17). */
export function tacitDocument(
  common: Common,
  record: CaseRecord,
  effect: 'granted' | 'refused',
  term: TermKept,
  at: Date,
): OfficialDocument {
  const { ficha, writing } = common
  const t = words(writing.language)
  return {
    kind: 'tacit-certificate',
    ...frame(common),
    title: t(`tacit.${effect}`),
    subtitle: ficha.name[writing.language],
    folio: record.folio,
    data: {
      format: 'ventanilla tacit-certificate 1',
      folio: record.folio,
      effect,
      due: term.due,
      days: term.days,
      rule: term.rule,
      at: at.toISOString(),
    },
    blocks: [
      applicantRows(record.applicant, writing.language),
      strong(t('tacit.text', { due: writing.day(term.due), rule: ficha.silence.legalBasis[writing.language] })),
      rows([
        [t('received'), writing.instant(record.submittedAt)],
        [t('due'), writing.day(term.due)],
        [t('due.days'), term.days.map((day) => day.slice(5)).join(', ')],
      ]),
      paragraph(t(`silence.${effect}`)),
      ...(effect === 'refused' ? [heading(t('appeal')), paragraph(appealText(ficha, writing.language))] : []),
    ],
  }
}

export function dismissalDocument(common: Common, record: CaseRecord, due: string, at: Date): OfficialDocument {
  const t = words(common.writing.language)
  return {
    kind: 'decision',
    ...frame(common),
    title: t('dismissal'),
    folio: record.folio,
    data: { format: 'ventanilla dismissal 1', folio: record.folio, due, at: at.toISOString() },
    blocks: [
      applicantRows(record.applicant, common.writing.language),
      strong(t('dismissal.text', { due: common.writing.day(due) })),
      heading(t('appeal')),
      paragraph(appealText(common.ficha, common.writing.language)),
    ],
  }
}
