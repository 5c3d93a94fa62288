import { answerRows } from '#modules/catalogue/index.ts'
import { type Attachment, heading, type OfficialDocument, paragraph, rows, strong } from '#modules/documents/index.ts'
import type { Applicant, Consent } from './case-record.ts'
import { applicantRows, type Common, frame, inGroups, words } from './document-parts.ts'
import type { Draft } from './draft.ts'
import type { Payment } from './payment.ts'

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
