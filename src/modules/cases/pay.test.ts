import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { openJobs } from '#kernel/jobs.ts'
import { silentLog } from '#kernel/log.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import type { CaseParts } from './case-parts.ts'
import { readDraft } from './draft-store.ts'
import { confirmPayment, expirePayment, listPayments } from './pay.ts'
import { newPaymentReference } from './payment.ts'
import { tables } from './tables.ts'

describe('what the bank says of a payment', () => {
  let database: TestDatabase
  let parts: CaseParts
  const bank = generateKeyPairSync('ed25519')
  const clock = fixedClock('2026-11-24T18:00:00Z')
  const expires = new Date('2026-12-04T18:00:00Z')

  before(async () => {
    database = await testDatabase()
    const { db, url } = database
    // Whatever reaches further than the payment is not there, and would be noticed.
    parts = {
      db,
      clock,
      jobs: openJobs({ db, url, clock, log: silentLog }),
      bankKey: bank.publicKey,
    } as unknown as CaseParts
  })
  after(() => database?.close())

  const say = (reference: string, format: string, paidAt: string, amountCents = 37_600) => {
    const text = canonicalJson({ format, reference, amountCents, currency: 'MXN', operation: '1', paidAt })
    return confirmPayment(parts, text, sign(null, Buffer.from(text), bank.privateKey))
  }
  const paid = (reference: string, at = '2026-11-25T18:00:00Z') => say(reference, 'ventanilla payment 1', at)
  const refunded = (reference: string) => say(reference, 'ventanilla refund 1', '2026-11-26T18:00:00Z')

  async function pending() {
    const ownerId = newId()
    const draftId = newId()
    const id = newId()
    const reference = newPaymentReference()
    const at = clock.now()
    await tables(database.db)
      .insertInto('cases.draft')
      .values({
        owner_id: ownerId,
        id: draftId,
        anonymous: false,
        service_id: 's',
        service_version: '1',
        language: 'es',
        channel: 'online',
        answers: '{}' as never,
        changed: '{}' as never,
        revision: 3,
        objections: '{}' as never,
        status: 'awaiting-payment',
        created_at: at,
        changed_at: at,
        expires_at: expires,
      } as never)
      .execute()
    await tables(database.db)
      .insertInto('cases.payment')
      .values({
        owner_id: ownerId,
        id,
        draft_id: draftId,
        reference,
        amount_cents: 37_600,
        currency: 'MXN',
        status: 'pending',
        created_at: at,
        expires_at: expires,
      })
      .execute()
    await tables(database.db)
      .insertInto('cases.payment_reference')
      .values({ reference, owner_id: ownerId, payment_id: id })
      .execute()
    return { ownerId, draftId, id, reference }
  }
  const statusOf = async ({ ownerId, draftId }: { ownerId: string; draftId: string }) =>
    (await listPayments(parts.db, ownerId, draftId)).map(({ status }) => status)

  test('paid, and the same message again is the same payment; another amount is none', async () => {
    const payment = await pending()
    await assert.rejects(say(payment.reference, 'ventanilla payment 1', '2026-11-25T18:00:00Z', 1), {
      code: 'payment-mismatch',
    })
    await paid(payment.reference)
    await paid(payment.reference)
    assert.deepEqual(await statusOf(payment), ['paid'])
  })

  test('who paid in time has paid, though the bank tells it after the reference expired; who paid late has not', async () => {
    const payment = await pending()
    await expirePayment(parts, payment.ownerId, payment.id)
    assert.deepEqual(await statusOf(payment), ['expired'])
    await assert.rejects(paid(payment.reference, '2026-12-04T18:00:00Z'), { code: 'payment-expired' })
    await paid(payment.reference, '2026-12-04T17:59:59Z')
    assert.deepEqual(await statusOf(payment), ['paid'])
  })

  test('what went back is refunded, and the draft is open without its fee: what was prepared with it is stale', async () => {
    const payment = await pending()
    await assert.rejects(refunded(payment.reference), { code: 'payment-unknown' })
    await paid(payment.reference)
    await refunded(payment.reference)
    await refunded(payment.reference)
    assert.deepEqual(await statusOf(payment), ['refunded'])
    const draft = await readDraft(parts.db, payment.ownerId, payment.draftId)
    assert.equal(draft.status, 'open')
    assert.equal(draft.revision, 4)
    await assert.rejects(paid(payment.reference), { code: 'payment-expired' })
  })

  test('once the application was sent with it, a refund is asked of the institution', async () => {
    const payment = await pending()
    await paid(payment.reference)
    await tables(database.db)
      .updateTable('cases.draft')
      .set({ status: 'submitted' })
      .where('id', '=', payment.draftId)
      .execute()
    await assert.rejects(refunded(payment.reference), { code: 'payment-used' })
    assert.deepEqual(await statusOf(payment), ['paid'])
  })
})
