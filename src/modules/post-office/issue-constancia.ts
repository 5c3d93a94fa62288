import { dateFormat } from '#kernel/formats.ts'
import {
  describeDocument,
  rows,
  type StoredDocument,
  sealDocument,
  storeSealed,
  strong,
} from '#modules/documents/index.ts'
import { noticeWords } from './document-texts.ts'
import type { Notice, ServedBy } from './notice.ts'
import type { PostOfficeParts } from './post-office-parts.ts'
import { listEvents, lockNotice, type NoticeEvent, readNotice, updateNotice } from './store.ts'

/** The job: a sealed record of when and how a notice was served. Done again, it does nothing. */
export async function issueConstancia(parts: PostOfficeParts, ownerId: string, noticeId: string): Promise<void> {
  const notice = await readNotice(parts.db, ownerId, noticeId)
  if (notice.constanciaDocumentId || !notice.servedAt) return
  const events = await listEvents(parts.db, notice)
  const aviso = events.find(({ event }) => event === 'ConsignmentNotification')
  const act = await describeDocument(parts.db, ownerId, notice.actDocumentId)
  const sealed = await sealDocument(parts.documents, constanciaOf(parts, notice, act, aviso), parts.clock.now())
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockNotice(trx, ownerId, noticeId)
    if (locked.constanciaDocumentId) return
    const stored = await storeSealed(trx, sealed, ownerId, notice.caseId)
    await updateNotice(trx, locked, { constancia_document_id: stored.id })
  })
}

function constanciaOf(
  parts: PostOfficeParts,
  notice: Notice,
  act: Pick<StoredDocument, 'sha256' | 'createdAt'>,
  aviso: NoticeEvent | undefined,
) {
  const rule = parts.rules.get(notice.rule.id)!
  const instant = dateFormat('es', rule.zone, { dateStyle: 'long', timeStyle: 'medium' })
  const day = dateFormat('es', rule.zone, { dateStyle: 'long' })
  const t = (key: keyof typeof noticeWords) => noticeWords[key].es
  const announced = aviso?.at ?? null
  const address = typeof aviso?.facts.address === 'string' ? aviso.facts.address : null
  const by = notice.servedBy as Exclude<ServedBy, 'by-hand'>
  const outages = (notice.lapse.outages ?? []).map(
    ({ from, to }) => `${instant.format(new Date(from))} – ${instant.format(new Date(to))}`,
  )
  return {
    kind: 'constancia' as const,
    // A record for both sides and for a court: in the language of the law.
    language: 'es' as const,
    title: t('constancia'),
    institution: parts.operator.es,
    ...(notice.folio && { folio: notice.folio }),
    data: {
      format: 'ventanilla constancia 1',
      notice: notice.id,
      rule: notice.rule,
      recipient: notice.recipient,
      act: { sha256: act.sha256, at: act.createdAt.toISOString(), folio: notice.folio },
      postedAt: notice.postedAt.toISOString(),
      announcedAt: announced?.toISOString() ?? null,
      announcedTo: address,
      servedAt: notice.servedAt!.toISOString(),
      effectAt: notice.effectAt?.toISOString() ?? null,
      by,
      days: notice.lapse.days,
      calendarVersion: notice.lapse.calendarVersion,
      outages: notice.lapse.outages ?? [],
    },
    blocks: [
      strong(`${t('served')}: ${by === 'lapse' ? day.format(notice.servedAt!) : instant.format(notice.servedAt!)}`),
      rows([
        [t('recipient'), notice.recipient],
        [t('act'), `${notice.subject.es}, ${instant.format(act.createdAt)}`],
        [t('digest'), act.sha256.replace(/.{8}(?=.)/g, '$& ')],
        [t('sender'), notice.sender.es],
        [t('posted'), instant.format(notice.postedAt)],
        [t('announced'), announced ? instant.format(announced) : t('announced.none')],
        [t('announcedTo'), address],
        [t('by'), t(`by.${by}`)],
        [t('days'), notice.lapse.days.join(', ')],
        [t('outages'), outages.length > 0 ? outages.join('; ') : null],
        [t('effectAt'), notice.effectAt ? day.format(notice.effectAt) : null],
        [t('rule'), rule.law.es],
      ]),
    ],
  }
}
