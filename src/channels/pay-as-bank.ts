import { sign } from 'node:crypto'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type BankMessage, confirmPayment, findPayment, type Payment } from '#modules/cases/index.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import type { ShopParts } from './shop-parts.ts'

/** The demo's bank: pays what the reference says and tells the shop with a signed message, as a bank would. */
export async function payAsBank(parts: ShopParts, reference: string): Promise<Payment> {
  const payment = await findPayment(parts.cases, reference)
  if (!payment || !parts.bankKey) throw new Refusal('payment-unknown', {}, 404)
  if (payment.status === 'paid') return payment
  const message: BankMessage = {
    format: 'ventanilla payment 1',
    reference: payment.reference,
    amountCents: payment.amountCents,
    currency: payment.currency,
    operation: newId(),
    paidAt: parts.clock.now().toISOString(),
  }
  const text = canonicalJson(message)
  return confirmPayment(parts.cases, text, sign(null, Buffer.from(text), parts.bankKey))
}
