import type { Trx } from '#kernel/database.ts'
import type { DataGatherer, DataQuestion, DataWait } from '#modules/identity/index.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareDocumentTimestamp } from '#trust/pdf/document-timestamp.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import type { PdfReport } from '#trust/pdf/verify-report.ts'
import { joinData, noData, type ValidationData } from '#trust/validation/facts.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { isTimeProven, questionsOf } from './questions.ts'
import { nextTry, renewalOf } from './renewal.ts'
import { type Due, postpone, scheduleRenewal } from './schedule.ts'
import { type openStampingAuthority, readStamp, rememberAuthority } from './stamping-authority.ts'
import { type LastingDocument, readLastingDocument, storeAddition } from './store.ts'

/** What a document waits for. */
export type PreservationWait = DataWait['reason'] | 'authority-silent' | 'unreadable' | 'fault'

export type Outcome = 'preserved' | PreservationWait

export interface Parts extends PreservationParts {
  authority: ReturnType<typeof openStampingAuthority>
}

const DAY = 86_400_000

/**
 * Looks after one document that is due, within the transaction that has it locked: gathers what it still lacks, appends it with a
 * time-stamp over the whole, and says when it is due again. Either all of that is kept or nothing.
 */
export async function preserveDocument(parts: Parts, trx: Trx, due: Due): Promise<Outcome> {
  const now = parts.clock.now()
  const wait = async (waitsFor: PreservationWait, issuer?: string): Promise<Outcome> => {
    await postpone(trx, due, { dueAt: nextTry(now, due.tries), waitsFor, issuer })
    return waitsFor
  }
  const document = await readLastingDocument(trx, due.ownerId, due.documentId)
  const report = verifyPdf(document.bytes)
  if (report.error || report.signatures.length === 0) return wait('unreadable')
  const authority = await parts.authority.current()
  if (!authority) return wait('authority-silent')
  const own = await gatherAll(parts.gatherer, questionsOf(report, due.takenAt), report.evidence, now)
  const ofAuthority = await parts.gatherer.gather(
    { ...authority, after: undefined },
    joinData(report.evidence, own.data),
    now,
  )
  const [missing] = [...own.waits, ...ofAuthority.waits]
  if (!missing) {
    const data = joinData(own.data, ofAuthority.data)
    const added = await addProof(parts, { trx, due, document, report, data, complete: true, path: ofAuthority.path })
    return added ? 'preserved' : wait('authority-silent')
  }
  // The rest may come late: that the signatures were there today is proven today.
  const isLong = now.getTime() - due.takenAt.getTime() > DAY
  if (isLong && !isTimeProven(report) && ofAuthority.path.length > 0)
    await addProof(parts, { trx, due, document, report, data: noData(), complete: false, path: ofAuthority.path })
  return wait(missing.reason, missing.issuer)
}

async function gatherAll(gatherer: DataGatherer, questions: DataQuestion[], have: ValidationData, now: Date) {
  let data = noData()
  const waits: DataWait[] = []
  for (const question of questions) {
    const gathered = await gatherer.gather(question, joinData(have, data), now)
    data = joinData(data, gathered.data)
    waits.push(...gathered.waits)
  }
  return { data, waits }
}

interface Proof {
  trx: Trx
  due: Due
  document: LastingDocument
  report: PdfReport
  data: ValidationData
  complete: boolean
  /** Of the authority that will stamp, the anchor first. */
  path: Parameters<typeof rememberAuthority>[1]
}

/** Bytes for a token with its authority's certificates. */
const TOKEN_ROOM = 6000

/** @returns false where the authority was silent, or another one answered than the one that is in the document now */
async function addProof(parts: Parts, { trx, due, document, report, data, complete, path }: Proof): Promise<boolean> {
  const prepared = prepareDocumentTimestamp(document.bytes, {
    data,
    fieldName: `preservation-${document.additions + 1}`,
    contentsSize: path.reduce((sum, { der }) => sum + der.length, TOKEN_ROOM),
  })
  const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
  const token = await parts.stamp(digest)
  const stamp = token && readStamp(token, digest)
  const expected = path.at(-1)!.sha256
  if (!token || !stamp || stamp.signer?.sha256 !== expected) {
    parts.authority.forget()
    return false
  }
  const after = insertSignature(prepared.pdf, prepared.byteRange, token)
  mustHold(verifyPdf(after), report)
  await storeAddition(trx, { before: document, after, complete, stampedAt: stamp.time, authority: expected })
  const endsAt = await rememberAuthority(trx, path)
  if (complete) {
    const at = renewalOf(due.documentId, { stampedAt: stamp.time, endsAt })
    await scheduleRenewal(trx, due, { at, authority: expected })
  }
  return true
}

/** Nothing is kept that would make a document worse than it was. */
function mustHold(after: PdfReport, before: PdfReport): void {
  const last = after.signatures.at(-1)
  const isWhole = last?.kind === 'document-timestamp' && last.sound && last.coversWholeFile
  const asBefore = before.signatures.every(({ sound }, i) => after.signatures[i]?.sound === sound)
  const changed = after.signatures.some(
    ({ modifications }, i) => modifications === 'suspicious' && before.signatures[i]?.modifications !== 'suspicious',
  )
  if (!isWhole || !asBefore || changed) throw new Error('the addition does not hold as it should')
}
