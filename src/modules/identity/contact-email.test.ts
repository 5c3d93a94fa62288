import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { confirmContactEmail, contactEmailOf, readAddress, setContactEmail } from './contact-email.ts'
import type { IdentityParts } from './identity-parts.ts'

let database: TestDatabase
const clock = fixedClock('2026-11-24T15:00:00Z')
const sent: Array<{ to: string; text: string; subject: string }> = []
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const parts = () => ({
  db: database.db,
  clock,
  mail: async (_trx: unknown, mail: (typeof sent)[0]) => void sent.push(mail),
})
const set = (id: string, email: string) =>
  setContactEmail(parts() as unknown as IdentityParts, acting(id), { email, language: 'es' })
const confirm = (id: string, code: string) => confirmContactEmail(parts(), acting(id), code)
const acting = (id: string) => ({ account: { id, kind: 'person' as const, rfc: null, curp: null, name: '' } })
const lastCode = () => /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? ''
const another = (code: string) => (code === '000000' ? '111111' : '000000')

test('an address is the account’s once its code comes back', async () => {
  const id = newId()
  assert.deepEqual(await set(id, ' Ana.Perez@Correo.EXAMPLE '), {
    ok: true,
    value: { address: 'Ana.Perez@correo.example', confirmed: false },
  })
  assert.equal(sent.at(-1)?.to, 'Ana.Perez@correo.example')
  assert.equal(sent.at(-1)?.subject.includes(lastCode()), false)
  await assert.rejects(() => confirm(id, another(lastCode())), { code: 'email-code-wrong', facts: { left: 4 } })
  assert.deepEqual(await confirm(id, ` ${lastCode()} `), { address: 'Ana.Perez@correo.example', confirmed: true })
  await assert.rejects(() => confirm(id, lastCode()), { code: 'email-code-expired' })
})

test('until the new address is confirmed the old one stays', async () => {
  const id = newId()
  await set(id, 'old@correo.example')
  await confirm(id, lastCode())
  await set(id, 'new@correo.example')
  assert.deepEqual(await contactEmailOf(database.db, id), { address: 'old@correo.example', confirmed: true })
  await confirm(id, lastCode())
  assert.deepEqual(await contactEmailOf(database.db, id), { address: 'new@correo.example', confirmed: true })
  const before = sent.length
  await set(id, 'new@correo.example')
  assert.equal(sent.length, before)
})

test('a code is typed as people type numbers', async () => {
  const id = newId()
  await set(id, 'espacios@correo.example')
  const code = lastCode()
  assert.equal((await confirm(id, ` ${code.slice(0, 3)} ${code.slice(3)} `)).confirmed, true)
})

test('five wrong codes end a code, and so does half an hour', async () => {
  const id = newId()
  await set(id, 'a@correo.example')
  for (let i = 0; i < 4; i += 1)
    await assert.rejects(() => confirm(id, another(lastCode())), { code: 'email-code-wrong' })
  await assert.rejects(() => confirm(id, another(lastCode())), { code: 'email-code-expired' })
  await assert.rejects(() => confirm(id, lastCode()), { code: 'email-code-expired' })
  await set(id, 'a@correo.example')
  clock.advance(30 * 60_000)
  await assert.rejects(() => confirm(id, lastCode()), { code: 'email-code-expired' })
  assert.equal(await contactEmailOf(database.db, newId()), null)
})

test('a code sent to one address does not confirm another', async () => {
  const id = newId()
  await set(id, 'one@correo.example')
  const first = lastCode()
  await set(id, 'two@correo.example')
  if (lastCode() !== first) await assert.rejects(() => confirm(id, first), { code: 'email-code-wrong' })
  assert.equal((await confirm(id, lastCode())).address, 'two@correo.example')
})

test('codes are not sent without end', async () => {
  const id = newId()
  for (let i = 0; i < 5; i += 1) await set(id, `n${i}@correo.example`)
  await assert.rejects(() => set(id, 'n6@correo.example'), { code: 'email-code-too-many', status: 429 })
})

test('what is no address, or more than one, is asked again', async () => {
  const wrong = [
    '',
    'a',
    'a@b',
    'a@b..c',
    '.a@b.mx',
    'a.@b.mx',
    'a@b.mx,c@d.mx',
    'a b@c.mx',
    '"a"@b.mx',
    '<a@b.mx>',
    'a@b.mx\nBcc: c@d.mx',
    'a@-b.mx',
    'ñ@b.mx',
  ]
  for (const email of wrong) {
    assert.deepEqual(await set(newId(), email), { ok: false, errors: [{ field: 'email', code: 'email-shape' }] }, email)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const address = readAddress(text)
      if (address !== undefined) assert.match(address, /^[^\s,;<>"()]+@[^\s,;<>"()@]+\.[^\s,;<>"()@]+$/)
    }),
    { seed: 7, numRuns: 1000 },
  )
  assert.equal(readAddress("o'neil+x@sub.correo.example"), "o'neil+x@sub.correo.example")
})
