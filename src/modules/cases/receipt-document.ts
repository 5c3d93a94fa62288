import { heading, type OfficialDocument, rows, small, strong } from '#modules/documents/index.ts'
import type { LogEvidence } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { applicantRows, type Common, frame, inGroups, logParts, words } from './document-parts.ts'
import type { DocumentWord } from './document-texts.ts'

export interface ReceiptInput extends Common {
  record: CaseRecord
  applicationSha256: string
  log: LogEvidence
}

/** The acknowledgement (LFEA 12): what was received and when, the term, and what follows from silence. */
export function receiptDocument({ record, applicationSha256, log, ...common }: ReceiptInput): OfficialDocument {
  const { ficha, writing } = common
  const t = words(writing.language)
  const { term } = record
  const value = ficha.term?.value ?? 3
  const unit = ficha.term?.unit ?? 'months'
  return {
    kind: 'receipt',
    ...frame(common),
    title: t('receipt'),
    folio: record.folio,
    data: {
      format: 'ventanilla receipt 1',
      folio: record.folio,
      service: { id: ficha.id, version: ficha.version },
      application: { sha256: applicationSha256 },
      receivedAt: record.submittedAt.toISOString(),
      countedAs: term.from,
      term: {
        rule: term.rule,
        regime: term.regime,
        calendarVersion: term.calendarVersion,
        due: term.due,
        days: term.days,
      },
      silence: ficha.silence.effect,
    },
    blocks: [
      strong(t('receipt.first')),
      rows([
        [t('service'), ficha.name[writing.language]],
        [t('homoclave'), ficha.homoclave.key],
        [t('received'), writing.instant(record.submittedAt)],
        [t('counted'), writing.day(term.from)],
        [t('digest'), inGroups(applicationSha256)],
      ]),
      heading(t('applicant')),
      applicantRows(record.applicant, writing.language),
      heading(t('term')),
      rows([
        [t('term'), t(unit === 'days' ? 'term.days' : 'term.months', { value, rule: term.rule })],
        [t('due'), writing.day(term.due)],
        [t('due.days'), term.days.map((day) => day.slice(5)).join(', ')],
        [
          t('silence'),
          `${t(`silence.${ficha.silence.effect}` as DocumentWord)} ${ficha.silence.legalBasis[writing.language]}.`,
        ],
      ]),
      heading(t('log')),
      small(t('log.text')),
    ],
    attachments: logParts(log),
  }
}
