import { fill, type Language, say } from '#kernel/texts.ts'
import { answerRows, type Institution } from '#modules/catalogue/index.ts'
import {
  type Attachment,
  type Block,
  heading,
  type OfficialDocument,
  paragraph,
  rows,
  small,
  strong,
} from '#modules/documents/index.ts'
import type { LogEvidence, OnlineFicha } from './case-parts.ts'
import type { Applicant, CaseRecord, Consent, TermKept } from './case-record.ts'
import { type DocumentWord, documentWords } from './document-texts.ts'
import type { Draft } from './draft.ts'
import type { Payment } from './payment.ts'

/** How instants and days are written in a document: by the zone of the regime. */
export interface Writing {
  language: Language
  day(at: Date | string): string
  instant(at: Date): string
  money(cents: number, currency: string): string
}

const words =
  (language: Language) =>
  (key: DocumentWord, facts: Record<string, string | number> = {}) =>
    say(documentWords, key, language, facts)

/** A digest as it is read aloud and compared: eight groups of eight. */
const inGroups = (hex: string): string => hex.replace(/.{8}(?=.)/g, '$& ')

interface Common {
  ficha: OnlineFicha
  institution: Institution
  writing: Writing
}

function frame({ ficha, institution, writing }: Common): Pick<OfficialDocument, 'institution' | 'unit' | 'language'> {
  return {
    institution: institution.head[writing.language],
    unit: ficha.unit[writing.language],
    language: writing.language,
  }
}

function applicantRows(applicant: Applicant, language: Language): Block {
  const t = words(language)
  const { representative } = applicant
  const signs = representative
    ? [representative.name, representative.rfc, representative.curp].filter(Boolean).join(' · ')
    : null
  return rows([
    [t('name'), applicant.name],
    [t('rfc'), applicant.rfc],
    [t('curp'), applicant.curp],
    [t('representative'), signs],
  ])
}

export interface ApplicationInput extends Common {
  draft: Draft
  applicant: Applicant
  data: Record<string, unknown>
  attachments: Array<Attachment & { content: Buffer }>
  consent: Consent
  payment: Payment | undefined
}

/** What the person signs: everything they answered, the files they attached, and what they consent to. */
export function applicationDocument({
  draft,
  applicant,
  data,
  attachments,
  consent,
  payment,
  ...common
}: ApplicationInput): OfficialDocument {
  const { ficha, writing } = common
  const t = words(writing.language)
  const named = (field: string) => attachments.filter((each) => each.field === field).map(({ name }) => name)
  const answers = answerRows(ficha.online, data, writing.language, named).filter(({ value }) => value !== '')
  const objections = Object.entries(draft.objections)
  const listed = attachments.map(({ content: _, id: __, ...each }) => each)
  return {
    kind: 'application',
    ...frame(common),
    title: ficha.name[writing.language],
    subtitle: `${t('application')} · ${ficha.homoclave.key}`,
    data: {
      format: 'ventanilla application 1',
      service: { id: ficha.id, version: ficha.version, homoclave: ficha.homoclave.key },
      applicant: {
        name: applicant.name,
        rfc: applicant.rfc,
        curp: applicant.curp,
        representative: applicant.representative,
      },
      data,
      attachments: listed,
      notices: consent,
      objections: draft.objections,
      payment: payment
        ? { reference: payment.reference, amountCents: payment.amountCents, currency: payment.currency }
        : null,
    },
    blocks: [
      heading(t('applicant')),
      applicantRows(applicant, writing.language),
      heading(t('answers')),
      rows(answers.map(({ label, value }) => [label, value])),
      ...(listed.length > 0
        ? [heading(t('attachments')), rows(listed.map(({ name, sha256 }) => [name, `SHA-256 ${inGroups(sha256)}`]))]
        : []),
      ...(objections.length > 0 ? [heading(t('objections')), rows(objections)] : []),
      ...(payment
        ? [heading(t('payment')), rows([[payment.reference, writing.money(payment.amountCents, payment.currency)]])]
        : []),
      heading(t('notices')),
      paragraph(consent.electronic ? t('consent') : t('no-consent')),
      rows([[t('email'), consent.email]]),
      heading(t('declaration')),
      strong(ficha.online.declaration[writing.language]),
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

/** The evidence that goes inside a document: the proof, and what opens the commitment. */
export function logParts(log: LogEvidence): OfficialDocument['attachments'] {
  return [
    {
      name: 'log-proof.txt',
      type: 'text/plain',
      bytes: Buffer.from(log.proof),
      relationship: 'supplement',
      description: 'C2SP tlog-proof',
    },
    {
      name: 'log-entry.json',
      type: 'application/json',
      bytes: Buffer.from(log.entry),
      relationship: 'supplement',
      description: 'the entry as it stands in the log',
    },
    {
      name: 'log-record.json',
      type: 'application/json',
      bytes: Buffer.from(JSON.stringify({ salt: log.salt, record: log.record })),
      relationship: 'supplement',
      description: 'salt and record of the entry',
    },
  ]
}

export interface DecisionInput extends Common {
  record: CaseRecord
  outcome: 'granted' | 'granted-in-part' | 'refused'
  reasons: string
  legalBasis: string
  signer: { name: string; post: string; competence: string } | null
  at: Date
}

/** LFPA 3: authority, place and date, grounds and reasons, what is decided, who is competent, the appeal. */
export function decisionDocument({
  record,
  outcome,
  reasons,
  legalBasis,
  signer,
  at,
  ...common
}: DecisionInput): OfficialDocument {
  const { ficha, institution, writing } = common
  const { language } = writing
  const t = words(language)
  const letter = ficha.online.letters[outcome] ?? ficha.online.letters.granted
  const rule = ficha.online.workflow.rule
  return {
    kind: 'decision',
    ...frame(common),
    title: letter.title[language],
    subtitle: ficha.name[language],
    folio: record.folio,
    data: {
      format: 'ventanilla decision 1',
      folio: record.folio,
      service: { id: ficha.id, version: ficha.version },
      outcome,
      reasons,
      legalBasis,
      at: at.toISOString(),
      signer,
    },
    blocks: [
      rows([
        [t('placeAndDate'), `${institution.place[language]}, ${writing.instant(at)}`],
        [t('name'), record.applicant.name],
        [t('rfc'), record.applicant.rfc],
      ]),
      heading(t('grounds')),
      paragraph(legalBasis),
      heading(t('reasons')),
      paragraph(reasons),
      heading(t('resolves')),
      strong(`${t(outcome)}. ${letter.resolves[language]}`),
      heading(t('appeal')),
      paragraph(appealText(ficha, language)),
      ...(signer
        ? [
            heading(t('servant')),
            rows([
              [t('name'), signer.name],
              [t('authority'), signer.post],
              [t('competence'), signer.competence],
            ]),
          ]
        : rule
          ? [
              heading(t('automatic')),
              paragraph(
                t('automatic.text', {
                  version: rule.version,
                  responsible: ficha.online.workflow.responsible[language],
                }),
              ),
            ]
          : []),
    ],
  }
}

export function appealText({ appeal }: OnlineFicha, language: Language): string {
  return fill(documentWords['appeal.text'][language], {
    name: appeal.name[language],
    before: appeal.before[language],
    days: appeal.days,
    basis: appeal.legalBasis[language],
  })
}

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
    title: t('prevention'),
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
