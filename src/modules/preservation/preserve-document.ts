import type { Trx } from '#kernel/database.ts'
import type { DataGatherer, DataQuestion, DataWait } from '#modules/identity/index.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareDocumentTimestamp } from '#trust/pdf/document-timestamp.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import type { PdfReport } from '#trust/pdf/verify-report.ts'
import { joinData, noData, type ValidationData } from '#trust/validation/facts.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { questionsOf } from './questions.ts'
import { endOfProof, nextTry, renewalOf, stepOf } from './renewal.ts'
import { type Due, noteAuthority, postpone, scheduleRenewal } from './schedule.ts'
import { type openStampingAuthority, rememberAuthority, type StampingAuthority } from './stamping-authority.ts'
import { type LastingDocument, readLastingDocument, readLastProof, storeAddition } from './store.ts'

/**
 * What a document waits for. `authority-ends`: whoever stamps times now proves nothing for longer than the last time-stamp does: its
 * certificate has to be renewed first, or another authority found.
 */
export type PreservationWait = DataWait['reason'] | 'authority-silent' | 'authority-ends' | 'unreadable' | 'fault'

/** `early`: nothing is to be done yet. */
export type Outcome = 'preserved' | 'early' | PreservationWait

export interface Parts extends PreservationParts {
  authority: ReturnType<typeof openStampingAuthority>
}

/**
 * Looks after one document that is due, within the transaction that has it locked: gathers what it still lacks, appends it with a
 * time-stamp over the whole, and says when it is due again. Either all of that is kept or nothing.
 * @throws ClockDiffers
 */
export async function preserveDocument(parts: Parts, trx: Trx, due: Due): Promise<Outcome> {
  const now = parts.clock.now()
  const wait = async (waitsFor: PreservationWait, issuer?: string): Promise<Outcome> => {
    await postpone(trx, due, { dueAt: nextTry(now, due.tries), waitsFor, issuer })
    return waitsFor
  }
  const proof = await readLastProof(trx, due.ownerId, due.documentId)
  const renewAt = due.renewal && proof?.complete ? renewalOf(due.documentId, proof) : undefined
  if (renewAt && renewAt > now) {
    await scheduleRenewal(trx, due, { at: renewAt })
    return 'early'
  }
  const document = await readLastingDocument(trx, due.ownerId, due.documentId)
  const report = verifyPdf(document.bytes)
  if (report.error || report.signatures.length === 0) return wait('unreadable')
  const authority = await parts.authority.current()
  if (!authority) return wait('authority-silent')
  const { data, missing, path } = await gatherAll(parts.gatherer, { report, takenAt: due.takenAt, authority, now })
  const endsAt = path.length > 0 ? endOfProof(path, parts.algorithms, authority.hashes) : undefined
  const step = stepOf({ now, takenAt: due.takenAt, proof, lacks: missing !== undefined, endsAt })
  if (step === 'wait') return wait(missing?.reason ?? 'authority-ends', missing?.issuer)
  const complete = step === 'complete'
  // A part of the data would look like all of it: B-T until everything is there.
  const appended = complete || proof ? data : noData()
  const added = await addProof(parts, { trx, due, document, report, data: appended, complete, path, authority })
  if (!added) return wait('authority-silent')
  return missing ? wait(missing.reason, missing.issuer) : 'preserved'
}

interface Gathering {
  report: PdfReport
  takenAt: Date
  authority: StampingAuthority
  now: Date
}

/** What is needed to judge the signatures and those who stamped their times, and then whoever will stamp now. */
async function gatherAll(gatherer: DataGatherer, { report, takenAt, authority, now }: Gathering) {
  let data = noData()
  const waits: DataWait[] = []
  const ask = async (question: DataQuestion) => {
    const gathered = await gatherer.gather(question, joinData(report.evidence, data), now)
    data = joinData(data, gathered.data)
    waits.push(...gathered.waits)
    return gathered.path
  }
  for (const question of questionsOf(report, takenAt)) await ask(question)
  const path = await ask({ ...authority, after: undefined })
  return { data, missing: waits[0], path }
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
  authority: StampingAuthority
}

/** Bytes by which one token may be longer than another of the same authority. */
const TOKEN_VARIES = 2000

/** @returns false where the authority was silent, or another one answered than the one that is in the document now */
async function addProof(parts: Parts, proof: Proof): Promise<boolean> {
  const { trx, due, document, report, data, complete, path, authority } = proof
  const prepared = prepareDocumentTimestamp(document.bytes, {
    data,
    fieldName: `preservation-${document.additions + 1}`,
    contentsSize: authority.tokenSize + TOKEN_VARIES,
  })
  const stamp = await parts.authority.stampBy(
    authority.certificate,
    byteRangeDigest(prepared.pdf, prepared.byteRange, parts.authority.hash),
  )
  if (!stamp) return false
  const after = insertSignature(prepared.pdf, prepared.byteRange, stamp.token)
  mustHold(verifyPdf(after), report)
  const { id: stampedBy, endsAt } = await rememberAuthority(trx, path, authority.hashes, parts.algorithms)
  await storeAddition(trx, { before: document, after, complete, stampedAt: stamp.time, authority: stampedBy })
  if (!complete) await noteAuthority(trx, due, stampedBy)
  else {
    const at = renewalOf(due.documentId, { stampedAt: stamp.time, endsAt })
    await scheduleRenewal(trx, due, { at, authority: stampedBy })
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
