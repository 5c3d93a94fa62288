import { sealDocument, storeSealed } from '#modules/documents/index.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { nextStatus } from './case-states.ts'
import { decisionDocument } from './decision-document.ts'
import { deliver } from './deliver.ts'
import { addStep, changeCase, lockCase, readCase } from './store.ts'
import { writingIn } from './writing.ts'

/**
 * The job: the published rule decides, sealed, naming its version and who answers for it. Only for services whose law
 * allows it; the person can ask for a human. Done again, it does nothing.
 */
export async function decideByRule(parts: CaseParts, ownerId: string, caseId: string): Promise<void> {
  const record = await readCase(parts.db, ownerId, caseId)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const { rule } = ficha.online.workflow
  if (!rule || record.status !== 'submitted') return
  const granted = grants(rule, record)
  const outcome = granted ? 'granted' : 'refused'
  const at = parts.clock.now()
  const institution = parts.catalogue.institutions.get(record.institution)!
  const document = decisionDocument({
    ficha,
    institution,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
    record,
    outcome,
    reasons: rule.explanation[record.language],
    legalBasis: ficha.legalBasis.map((each) => each[record.language]).join('; '),
    signer: null,
    at,
  })
  const sealed = await sealDocument(parts.documents, document, at, { id: record.institution, name: institution.name })
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, ownerId, caseId)
    const status = nextStatus(locked.status, 'decide-by-rule', 'rule', outcome)
    if (!status) return
    const stored = await storeSealed(trx, sealed, ownerId, caseId)
    const { entryId } = await parts.log.append(trx, {
      act: 'decision.by-rule',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, outcome, rule: rule.version, document: stored.sha256, at: at.toISOString() },
    })
    await changeCase(trx, locked, { status, closedAt: at })
    await parts.jobs.cancel(trx, `silence ${locked.id}`)
    await addStep(trx, locked, {
      at,
      act: 'decided-by-rule',
      by_kind: 'platform',
      by_account: null,
      by_name: null,
      by_post: null,
      status,
      document_id: stored.id,
      log_entry: entryId,
      facts: { version: rule.version },
    })
    await deliver(parts, trx, {
      record: locked,
      ficha,
      kind: 'decision',
      document: stored,
      final: false,
      act: { es: 'Resolución', en: 'Decision' },
    })
  })
}

type Rule = NonNullable<OnlineFicha['online']['workflow']['rule']>

function grants(rule: Rule, { data, applicant }: CaseRecord): boolean {
  if ('held' in rule) return Boolean(applicant[rule.held as 'curp' | 'rfc'])
  return rule.grantsIf.includes(data[rule.question] as string | boolean)
}
