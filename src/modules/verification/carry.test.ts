import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { day } from '#test/support/pki.ts'
import { basePdf } from '#test/support/signed-pdf.ts'
import { carry, takeCarried } from './carry.ts'
import { explainFile } from './explain-file.ts'

const now = day('2026-01-01')
const key = randomBytes(32)
const explanation = explainFile(basePdf(), { authorities: [], seals: [], log: undefined }, now)

test('an explanation comes back as it went, for an hour, to whoever wrote it', () => {
  const text = carry({ explanation, fileName: 'a.pdf' }, key, now)!
  const { data: _, ...rest } = explanation
  assert.deepEqual(takeCarried(text, key, new Date(now.getTime() + 59 * 60_000)), {
    explanation: rest,
    fileName: 'a.pdf',
  })
  assert.equal(takeCarried(text, key, new Date(now.getTime() + 61 * 60_000)), undefined)
  assert.equal(takeCarried(text, randomBytes(32), now), undefined)
})

test('nothing that anybody changed is unpacked', () => {
  const bytes = Buffer.from(carry({ explanation, fileName: 'a.pdf' }, key, now)!, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    assert.equal(takeCarried(changed.toString('base64url'), key, now), undefined)
  }
  for (const each of ['', 'AAAA', 'x'.repeat(500_000)]) assert.equal(takeCarried(each, key, now), undefined)
})
