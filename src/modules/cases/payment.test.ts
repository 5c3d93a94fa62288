import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '#trust/canonical-json.ts'
import { formatPaymentReference, newPaymentReference, parsePaymentReference, readBankMessage } from './payment.ts'

test('a reference catches every wrong digit and every swap of neighbours (ISO 7064, MOD 97-10)', () => {
  for (let round = 0; round < 50; round += 1) {
    const reference = newPaymentReference()
    assert.equal(parsePaymentReference(formatPaymentReference(reference)), reference)
    for (let i = 0; i < reference.length; i += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        if (String(digit) === reference[i]) continue
        assert.equal(parsePaymentReference(reference.slice(0, i) + digit + reference.slice(i + 1)), undefined)
      }
      const swapped = reference.slice(0, i) + (reference[i + 1] ?? '') + reference[i] + reference.slice(i + 2)
      if (swapped !== reference) assert.equal(parsePaymentReference(swapped), undefined)
    }
  }
})

test('only what the bank signed, to the letter, is a payment', () => {
  const bank = generateKeyPairSync('ed25519')
  const stranger = generateKeyPairSync('ed25519')
  const message = {
    format: 'ventanilla payment 1',
    reference: newPaymentReference(),
    amountCents: 17_300,
    currency: 'MXN',
    operation: '77120',
    paidAt: '2026-11-24T15:00:00Z',
  }
  const text = canonicalJson(message)
  const signature = sign(null, Buffer.from(text), bank.privateKey)
  assert.deepEqual(readBankMessage(text, signature, bank.publicKey), message)
  assert.equal(readBankMessage(text, signature, stranger.publicKey), undefined)
  assert.equal(readBankMessage(text.replace('17300', '1'), signature, bank.publicKey), undefined)
  const spaced = JSON.stringify(message, null, 1)
  assert.equal(readBankMessage(spaced, sign(null, Buffer.from(spaced), bank.privateKey), bank.publicKey), undefined)
})

test('anything at all in place of a message ends in no message', () => {
  const bank = generateKeyPairSync('ed25519')
  const anything = fc.oneof(fc.string(), fc.json())
  const check = fc.property(
    anything,
    (text) => readBankMessage(text, sign(null, Buffer.from(text), bank.privateKey), bank.publicKey) === undefined,
  )
  fc.assert(check, { seed: 7, numRuns: 300 })
})
