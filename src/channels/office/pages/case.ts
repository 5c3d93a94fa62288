import { say } from '#kernel/texts.ts'
import {
  actTexts,
  type CaseRecord,
  type DecisionDraft,
  isOverdue,
  type listConsultations,
  type listSteps,
  movesFrom,
  type OnlineFicha,
  statusTexts,
  type Task,
} from '#modules/cases/index.ts'
import { answerRows } from '#modules/catalogue/index.ts'
import type { listDocuments } from '#modules/documents/index.ts'
import {
  backLink,
  banner,
  body,
  bullets,
  button,
  checkbox,
  details,
  errorSummary,
  type FieldFault,
  form,
  heading,
  inset,
  link,
  mono,
  radios,
  type SummaryRow,
  select,
  small,
  summaryList,
  tag,
  textArea,
  timeline,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showBytes, showDay, showInstant } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { textsOf } from './inbox.ts'

export interface OfficeCaseData {
  record: CaseRecord
  ficha: OnlineFicha
  steps: Awaited<ReturnType<typeof listSteps>>
  documents: Awaited<ReturnType<typeof listDocuments>>
  consultations: Awaited<ReturnType<typeof listConsultations>>
  colleagues: Array<{ id: string; name: string }>
  tasks: Task[]
  /** A notice waits in the mailbox and no e-mail has told the person of it. */
  unannounced: boolean
  decision: DecisionDraft | undefined
  /** Who looks at it. */
  me: string
  assignedTo: { id: string; name: string } | null
  may: { work: boolean; sign: boolean; supervise: boolean; bind: boolean }
  faults: FieldFault[]
  /** What was just typed, so that nothing is lost. */
  typed: Record<string, string | undefined>
}

type Say = ReturnType<typeof textsOf>

export const purposes = ['resolve', 'supervise', 'consulted', 'inform'] as const

/** Before a case opens: what for. It goes on record. */
export function purposePage(context: PageContext, folio: string, failed: boolean): Page {
  const t = textsOf(context)
  const error = failed ? t('purpose.error') : undefined
  return {
    title: t('purpose.title'),
    failed,
    before: backLink(context.language, '/oficina'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${error && errorSummary(context.language, [{ field: 'motivo', message: error }])}
<span class="govuk-caption-l vn-mono">${folio}</span>
${form(context.csrf, `/oficina/${folio}/abrir`, html`${radios(context.language, { name: 'motivo', label: t('purpose.title'), asHeading: true, hint: t('purpose.hint'), choices: purposes.map((value) => ({ value, label: t(`purpose.${value}`) })), ...(error && { error }) })}${button({ label: t('purpose.go') })}`)}</div></div>`,
  }
}

export function officeCasePage(context: PageContext, data: OfficeCaseData): Page {
  const t = textsOf(context)
  const { language, now } = context
  const { record, ficha, faults } = data
  const { folio } = record
  const due = showDay(record.term.due, context)
  return {
    title: `${ficha.plainName[language]} ${folio}`,
    failed: faults.length > 0,
    wide: true,
    before: backLink(language, `/oficina?institucion=${record.institution}`),
    body: html`${errorSummary(language, faults)}
<span class="govuk-caption-l vn-mono">${folio}</span>${heading(ficha.plainName[language])}
<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${data.unannounced && banner(language, body(t('unannounced')))}
${summaryList([
  { key: t('status'), value: say(statusTexts, record.status, language) },
  { key: t('received'), value: showInstant(record.receivedAt, context) },
  {
    key: t('due'),
    value: html`${record.status === 'waiting' ? t('due.stopped') : due} ${isOverdue(record.status, record.dueAt, now) && tag(t('overdue'), 'red')}<br><span class="vn-quiet">${record.term.rule}</span>`,
  },
])}
${heading(t('applicant'), 'm', 2)}${summaryList(applicantRows(data, t))}
${heading(t('answers'), 'm', 2)}${summaryList(
  answerRows(ficha.online, record.data, language)
    .filter(({ value }) => value)
    .map(({ label, value }) => ({ key: label, value })),
)}
${record.attachments.length > 0 && html`${heading(t('attachments'), 'm', 2)}${bullets(record.attachments.map(({ id, name, bytes }) => html`${link(`/oficina/${record.folio}/archivo/${id}`, name)} <span class="vn-quiet">${showBytes(bytes, language)}</span>`))}`}
${heading(t('documents'), 'm', 2)}${bullets(data.documents.map(({ id, title, createdAt }) => html`${link(`/oficina/${record.folio}/documento/${id}`, `${title} (PDF)`)} <span class="vn-quiet">${showInstant(createdAt, context)}</span>`))}
${small(t('file.hint'))}${form(context.csrf, `/oficina/${folio}/expediente.asice`, button({ label: t('file'), kind: 'secondary' }))}
${decisionPart(context, data, t)}
${heading(t('history'), 'm', 2)}${timeline(data.steps.map(({ at, act, by_name, facts }) => ({ title: say(actTexts, act, language, textFacts(facts)), when: showInstant(at, context), ...(by_name && { by: by_name }) })))}
</div><div class="govuk-grid-column-one-third">
${data.tasks.map((task) => taskPart(context, record, task, t))}
${assignPart(context, data, t)}${consultPart(context, data, t)}${preventionPart(context, data, t)}
</div></div>`,
  }
}

const textFacts = (facts: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)]))

function applicantRows({ record }: OfficeCaseData, t: Say): SummaryRow[] {
  const { applicant } = record
  const { representative } = applicant
  const rows: SummaryRow[] = [
    { key: t('name'), value: applicant.name },
    { key: 'RFC', value: applicant.rfc && mono(applicant.rfc) },
    { key: 'CURP', value: applicant.curp && mono(applicant.curp) },
    {
      key: t('representative'),
      value:
        representative && [representative.name, representative.rfc, representative.curp].filter(Boolean).join(' · '),
    },
  ]
  return rows.filter(({ value }) => value)
}

function assignPart(
  context: PageContext,
  { record, assignedTo, may, colleagues }: OfficeCaseData,
  t: Say,
): Html | false {
  if (!movesFrom(record.status, 'institution').includes('assign') && record.status !== 'silent-refused') return false
  const seen = html`<input type="hidden" name="visto" value="${assignedTo?.id ?? ''}">`
  const take =
    may.work &&
    form(
      context.csrf,
      `/oficina/${record.folio}/asignar`,
      html`${seen}${button({ label: t('take'), kind: 'secondary' })}`,
    )
  const give =
    may.supervise &&
    form(
      context.csrf,
      `/oficina/${record.folio}/asignar`,
      html`${seen}${select(context.language, { name: 'a', label: t('assign'), choices: colleagues.map(({ id, name }) => ({ value: id, label: name })) })}${button({ label: t('assign.go'), kind: 'secondary' })}`,
    )
  return html`${heading(t('assigned'), 's', 2)}${body(assignedTo?.name ?? t('nobody'))}${take}${give}`
}

function consultPart(context: PageContext, data: OfficeCaseData, t: Say): Html {
  const { record, consultations, colleagues, me, may, faults, typed } = data
  const { language, csrf } = context
  const asked = consultations.map(
    ({ id, asked_by_name, asked_to, asked_to_name, question, answer, asked_at }) =>
      html`<p class="govuk-body-s"><strong>${t('consult.asked', { from: asked_by_name, to: asked_to_name })}</strong> · ${showInstant(asked_at, context)}<br>${question}</p>${
        answer
          ? inset(answer)
          : asked_to === me &&
            form(
              csrf,
              `/oficina/${record.folio}/consulta/${id}`,
              html`${textArea(language, { name: `respuesta-${id}`, label: t('consult.answer'), rows: 3 })}${button({ label: t('consult.answer.go'), kind: 'secondary' })}`,
            )
      }`,
  )
  const error = faults.find(({ field }) => field === 'pregunta')?.message
  const ask = form(
    csrf,
    `/oficina/${record.folio}/consulta`,
    html`${select(language, { name: 'colega', label: t('consult.to'), choices: colleagues.filter(({ id }) => id !== me).map(({ id, name }) => ({ value: id, label: name })) })}${textArea(language, { name: 'pregunta', label: t('consult.question'), rows: 3, value: typed.pregunta ?? '', ...(error && { error }) })}${button({ label: t('consult.go'), kind: 'secondary' })}`,
  )
  return html`${asked.length > 0 && html`${heading(t('consultations'), 's', 2)}${asked}`}${may.work && !record.closedAt && details(t('consult.title'), ask)}`
}

function preventionPart(context: PageContext, { record, may, faults, typed }: OfficeCaseData, t: Say): Html | false {
  if (!may.work || !['submitted', 'in-review'].includes(record.status)) return false
  const error = faults.find(({ field }) => field === 'falta')?.message
  return details(
    t('prevention.title'),
    html`${body(t(may.bind ? 'prevention.binding' : 'prevention.voluntary'))}${form(
      context.csrf,
      `/oficina/${record.folio}/prevencion`,
      html`${textArea(context.language, { name: 'falta', label: t('prevention.asked'), value: typed.falta ?? '', ...(error && { error }) })}${button({ label: t('prevention.go'), kind: 'secondary' })}`,
    )}`,
  )
}

function decisionPart(context: PageContext, data: OfficeCaseData, t: Say): Html | false {
  const { record, ficha, may, decision, faults, typed } = data
  const decidable = movesFrom(record.status, 'signer').includes('grant')
  if (!decidable || !(may.work || may.sign)) return false
  const { language, csrf } = context
  const faultAt = (field: string) => {
    const error = faults.find((fault) => fault.field === field)?.message
    return error ? { error } : {}
  }
  const partly = movesFrom(record.status, 'signer').includes('grant-in-part')
  const choices = (['granted', 'granted-in-part', 'refused'] as const)
    .filter((value) => value !== 'granted-in-part' || partly)
    .map((value) => ({ value, label: t(`decision.${value}`) }))
  const basis =
    typed.legalBasis ?? decision?.legal_basis ?? ficha.legalBasis.map((each) => each[record.language]).join('; ')
  const kept =
    decision &&
    html`${small(t('decision.saved', { revision: decision.revision, name: decision.by_name, day: showInstant(decision.at, context) }))}${
      decision.ready &&
      html`<p class="govuk-body">${tag(t('decision.is-ready'), 'green')}</p>${may.sign ? form(csrf, `/oficina/${record.folio}/resolucion/preparar`, button({ label: t('decision.sign') })) : body(t('decision.who'))}`
    }`
  const theirs =
    typed.reasons !== undefined && decision && typed.reasons !== decision.reasons && inset(decision.reasons)
  return html`${heading(t('decision.title'), 'm', 2)}${kept}${theirs}
${form(
  csrf,
  `/oficina/${record.folio}/resolucion`,
  html`<input type="hidden" name="version" value="${decision?.revision ?? 0}">
${radios(language, { name: 'outcome', label: t('decision.outcome'), choices, value: typed.outcome ?? decision?.outcome ?? '', ...faultAt('outcome') })}
${textArea(language, { name: 'reasons', label: t('decision.reasons'), hint: t('decision.reasons.hint'), rows: 8, value: typed.reasons ?? decision?.reasons ?? '', ...faultAt('reasons') })}
${textArea(language, { name: 'legalBasis', label: t('decision.basis'), rows: 3, value: basis, ...faultAt('legalBasis') })}
${textArea(language, { name: 'substitution', label: t('decision.substitution'), hint: t('decision.substitution.hint'), rows: 2, value: typed.substitution ?? String(decision?.fields.substitution ?? '') })}
${checkbox(language, { name: 'lista', label: t('decision.ready'), value: 'si', checked: decision?.ready ?? false })}
${button({ label: t('decision.save'), kind: 'secondary' })}`,
)}`
}

function taskPart(context: PageContext, { folio }: CaseRecord, { id, due_at }: Task, t: Say): Html {
  const day = due_at ? showDay(new Date(due_at.getTime() - 1), context) : ''
  return banner(
    context.language,
    html`<h3 class="govuk-heading-s">${t('task.title')}</h3>${body(t('task.body', { day }))}${form(context.csrf, `/oficina/${folio}/entregado`, html`<input type="hidden" name="tarea" value="${id}">${button({ label: t('task.done'), kind: 'secondary' })}`)}`,
  )
}
