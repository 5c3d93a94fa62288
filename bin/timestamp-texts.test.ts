import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { tellTimestampReason } from './timestamp-texts.ts'

const folder = new URL('../src/trust/timestamp/', import.meta.url)

test('each reason why a time-stamp does not hold has its Spanish', () => {
  const files = readdirSync(folder).filter((name) => /^(verify-|token-rules)/.test(name) && !name.includes('.test.'))
  const reasons = files.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/'((?:its? |the time-stamp)[^'\n]{8,})'/g)].map(
      ([, reason]) => reason!,
    ),
  )
  assert.ok(reasons.length > 14)
  for (const reason of reasons.filter((each) => each !== 'the time-stamp holds')) {
    assert.notEqual(tellTimestampReason(reason, 'es'), reason, reason)
    assert.equal(tellTimestampReason(reason, 'en'), reason)
  }
})
