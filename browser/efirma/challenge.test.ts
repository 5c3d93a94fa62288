import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { failsWith } from '#test/support/efirma-person.ts'
import { buildChallenge, CHALLENGE_LIFE_SECONDS, parseChallenge } from '#trust/efirma/challenge.ts'
import { checkChallenge } from './challenge.ts'

const origin = 'https://shop.example'
const issued = new Date('2026-11-24T15:04:05Z')
const build = (life = CHALLENGE_LIFE_SECONDS, account = '', forOrigin = origin) =>
  buildChallenge({
    origin: forOrigin,
    account,
    nonce: Buffer.alloc(32, 9),
    issued,
    expires: new Date(issued.getTime() + life * 1000),
  })

test('what the server builds for this site is signed', () => {
  checkChallenge(build(), origin, 0)
})

test('one for another site is not, nor one that names an account that nobody asked for', () => {
  assert.throws(() => checkChallenge(build(120, '', 'https://evil.example'), origin, 0), failsWith('wrong-origin'))
  assert.throws(() => checkChallenge(build(120, '', `${origin}.evil.example`), origin, 0), failsWith('wrong-origin'))
  assert.throws(() => checkChallenge(build(120, 'EKU9003173C9'), origin, 0), failsWith('challenge-unknown'))
})

test('one that expired while it was on its way is not signed; its age is what counts, whatever the clock', () => {
  checkChallenge(build(), origin, CHALLENGE_LIFE_SECONDS * 1000 - 1)
  assert.throws(() => checkChallenge(build(), origin, CHALLENGE_LIFE_SECONDS * 1000), failsWith('challenge-expired'))
  assert.throws(() => checkChallenge(build(), origin, Number.NaN), failsWith('challenge-expired'))
})

test('one that lives longer than the contract says is not signed', () => {
  assert.throws(() => checkChallenge(build(121), origin, 0), failsWith('challenge-unknown'))
})

test('anything else is not a challenge: other versions, digests, more lines, other bytes', () => {
  const text = build()
  const others = ['', '1\u0000\u0001', text.trimEnd(), `${text}\n`, `\n${text}`, text.replaceAll('\n', '\r\n')]
  for (const other of [
    ...others,
    text.replace('sign-in 1', 'sign-in 2'),
    text.replace('2026-11-24T15:04', '2026-99-24T15:04'),
  ])
    assert.throws(() => checkChallenge(other, origin, 0), failsWith('challenge-unknown'))
})

test('nothing is signed here that the server would not read as a challenge of this site', () => {
  const text = build()
  const property = fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(2), (at, put, cut) => {
    const changed = text.slice(0, at) + put + text.slice(at + cut)
    try {
      checkChallenge(changed, origin, 0)
    } catch {
      return
    }
    // Only the nonce's last letter has spare bits, which the server judges.
    const canonical = changed.replace(/(nonce: [\w-]{42})[\w-]/, '$1A')
    assert.equal(parseChallenge(canonical)?.origin, origin)
  })
  fc.assert(property, { seed: 11, numRuns: 3000 })
})
