import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type CaseParts, fichaOf, queues } from './case-parts.ts'
import { changeDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'
import { newPaymentReference, type Payment, parsePaymentReference, readBankMessage } from './payment.ts'
import { openDraft } from './save-answer.ts'
import { type CaseTables, tables } from './tables.ts'

const DAY = 86_400_000

/**
 * The reference to pay the service's fee with: the one still open, or a new one.
 * @returns undefined where the service is free
 */
export async function startPayment(parts: CaseParts, ownerId: string, draftId: string): Promise<Payment | undefined> {
  return parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const { online } = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
    if (!online.fee) return undefined
    const now = parts.clock.now()
    const open = (await listPayments(trx, ownerId, draftId)).find(
      ({ status, expiresAt }) => status === 'paid' || (status === 'pending' && expiresAt > now),
    )
    if (open) return open
    const payment: Payment = {
      ownerId,
      id: newId(),
      draftId,
      reference: newPaymentReference(),
      amountCents: online.fee.cents,
      currency: online.fee.currency,
      status: 'pending',
      createdAt: now,
      expiresAt: new Date(now.getTime() + online.fee.validDays * DAY),
      paidAt: null,
    }
    await tables(trx)
      .insertInto('cases.payment')
      .values({
        owner_id: ownerId,
        id: payment.id,
        draft_id: draftId,
        reference: payment.reference,
        amount_cents: payment.amountCents,
        currency: payment.currency,
        status: 'pending',
        created_at: now,
        expires_at: payment.expiresAt,
      })
      .execute()
    await tables(trx)
      .insertInto('cases.payment_reference')
      .values({ reference: payment.reference, owner_id: ownerId, payment_id: payment.id })
      .execute()
    await changeDraft(trx, draft, { status: 'awaiting-payment', changedAt: now })
    await parts.jobs.at(trx, {
      queue: queues.paymentExpiry,
      key: `payment ${payment.id}`,
      dueAt: payment.expiresAt,
      data: { ownerId, paymentId: payment.id },
    })
    return payment
  })
}

type PaymentRow = CaseTables['cases.payment']

/**
 * What the bank says, signed by the bank. The same message twice is one payment. Who paid in time has paid, however late the
 * bank tells; what went back before anything was sent leaves the draft without its fee.
 * @throws Refusal `payment-not-signed`, `payment-unknown`, `payment-mismatch`, `payment-expired`, `payment-used`
 */
export async function confirmPayment(parts: CaseParts, text: string, signature: Uint8Array): Promise<Payment> {
  const message = readBankMessage(text, signature, parts.bankKey)
  if (!message) throw new Refusal<CasesCode>('payment-not-signed', {}, 403)
  return parts.db.transaction().execute(async (trx) => {
    const row = await lockPayment(trx, message.reference)
    if (!row) throw new Refusal<CasesCode>('payment-unknown', {}, 404)
    if (row.amount_cents !== message.amountCents || row.currency !== message.currency)
      throw new Refusal<CasesCode>('payment-mismatch', {}, 422)
    return message.format === 'ventanilla refund 1'
      ? refund(parts, trx, row, text)
      : receive(parts, trx, row, text, new Date(message.paidAt))
  })
}

async function lockPayment(trx: Trx, reference: string): Promise<PaymentRow | undefined> {
  const found = await tables(trx)
    .selectFrom('cases.payment_reference')
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!found) return undefined
  return tables(trx)
    .selectFrom('cases.payment')
    .selectAll()
    .where('owner_id', '=', found.owner_id)
    .where('id', '=', found.payment_id)
    .forUpdate()
    .executeTakeFirst()
}

async function receive(parts: CaseParts, trx: Trx, row: PaymentRow, text: string, paidOn: Date): Promise<Payment> {
  if (row.status === 'paid') return paymentOf(row)
  if (row.status === 'refunded' || paidOn >= row.expires_at) throw new Refusal<CasesCode>('payment-expired', {}, 410)
  const paidAt = parts.clock.now()
  await changePayment(trx, row, { status: 'paid', paid_at: paidAt, bank_message: text })
  await parts.jobs.cancel(trx, `payment ${row.id}`)
  return { ...paymentOf(row), status: 'paid', paidAt }
}

async function refund(parts: CaseParts, trx: Trx, row: PaymentRow, text: string): Promise<Payment> {
  if (row.status === 'refunded') return paymentOf(row)
  if (row.status !== 'paid') throw new Refusal<CasesCode>('payment-unknown', {}, 404)
  const draft = await readDraftStatus(trx, row)
  if (draft?.status === 'submitted') throw new Refusal<CasesCode>('payment-used', {}, 409)
  await changePayment(trx, row, { status: 'refunded', bank_message: text })
  // The revision moves on: what was prepared with the fee paid cannot be sent any more.
  if (draft)
    await changeDraft(
      trx,
      { ownerId: row.owner_id, id: row.draft_id },
      { status: 'open', revision: draft.revision + 1, changedAt: parts.clock.now() },
    )
  return { ...paymentOf(row), status: 'refunded' }
}

async function readDraftStatus(trx: Trx, { owner_id, draft_id }: PaymentRow) {
  return tables(trx)
    .selectFrom('cases.draft')
    .select(['status', 'revision'])
    .where('owner_id', '=', owner_id)
    .where('id', '=', draft_id)
    .forUpdate()
    .executeTakeFirst()
}

async function changePayment(
  trx: Trx,
  { owner_id, id }: PaymentRow,
  change: Partial<Pick<PaymentRow, 'status' | 'paid_at' | 'bank_message'>>,
): Promise<void> {
  await tables(trx)
    .updateTable('cases.payment')
    .set(change)
    .where('owner_id', '=', owner_id)
    .where('id', '=', id)
    .execute()
}

/** The job: a reference that nobody paid is worth nothing any more, and the draft is open again. */
export async function expirePayment(parts: CaseParts, ownerId: string, paymentId: string): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const changed = await tables(trx)
      .updateTable('cases.payment')
      .set({ status: 'expired' })
      .where('owner_id', '=', ownerId)
      .where('id', '=', paymentId)
      .where('status', '=', 'pending')
      .returning('draft_id')
      .executeTakeFirst()
    if (changed)
      await tables(trx)
        .updateTable('cases.draft')
        .set({ status: 'open' })
        .where('owner_id', '=', ownerId)
        .where('id', '=', changed.draft_id)
        .where('status', '=', 'awaiting-payment')
        .execute()
  })
}

export async function listPayments(
  queries: CaseParts['db'] | Parameters<typeof changeDraft>[0],
  ownerId: string,
  draftId: string,
): Promise<Payment[]> {
  const rows = await tables(queries)
    .selectFrom('cases.payment')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('draft_id', '=', draftId)
    .orderBy('created_at')
    .execute()
  return rows.map(paymentOf)
}

/** For the demo's bank: what a reference asks for. */
export async function findPayment(parts: CaseParts, typed: string): Promise<Payment | undefined> {
  const reference = parsePaymentReference(typed)
  if (!reference) return undefined
  const found = await tables(parts.db)
    .selectFrom('cases.payment_reference')
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst()
  const row =
    found &&
    (await tables(parts.db)
      .selectFrom('cases.payment')
      .selectAll()
      .where('owner_id', '=', found.owner_id)
      .where('id', '=', found.payment_id)
      .executeTakeFirst())
  return row && paymentOf(row)
}

function paymentOf(row: CaseTables['cases.payment']): Payment {
  return {
    ownerId: row.owner_id,
    id: row.id,
    draftId: row.draft_id,
    reference: row.reference,
    amountCents: row.amount_cents,
    currency: row.currency,
    status: row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
  }
}
