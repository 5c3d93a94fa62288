import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { longList } from '#test/support/long-list.ts'
import { authority, day, issue, reason, revocationList, signed } from '#test/support/pki.ts'
import { readDer } from '#trust/der/read.ts'
import { checkCrls } from '#trust/revocation/check-crls.ts'
import { signersOf } from './asking.ts'
import { type HeldLists, openHeldLists } from './held-lists.ts'
import type { RevocationAnswer } from './revocation-answers.ts'

const NOW = new Date('2025-06-01T00:00:00Z')
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const issuer = authority({ subject: 'issuer' })
const { certificate } = issue({ subject: 'end', issuer, serial: Buffer.from('0102030405', 'hex') })

/** A list of that many bytes, which may have the certificate among its entries. */
const listOf = (number: number, bytes: number, revokes: boolean): Buffer =>
  longList(bytes, {
    issuer,
    number,
    revoked: revokes ? [{ serial: certificate.serial, extensions: [reason(1)] }] : [],
  })

function open(read: () => Promise<Buffer>, kept: RevocationAnswer[] = []) {
  const silences: string[] = []
  const lists = openHeldLists({
    answers: { keep: async (each) => void kept.push(each), latest: async () => kept.at(-1) },
    onSilence: (_, error) => void silences.push(error instanceof Error ? error.message : String(error)),
  })
  const source = { crl: { read, refreshSeconds: 60 }, graceHours: 4 }
  const current = (at: Date) => lists.current({ issuer: issuer.certificate, source, at })
  return { lists, current, silences, kept }
}

const statusBy = (lists: HeldLists, at: Date): string => {
  const crl = lists.held(issuer.certificate)?.crl
  return crl ? checkCrls(certificate, [crl], { at }, signersOf(issuer.certificate, lists.verify)).status : 'none'
}

test('while 20 MB are read everybody else goes on, and the old list answers until the new one does', async () => {
  const [small, long] = [revocationList({ issuer, number: 1 }), listOf(2, 20 * 1024 * 1024, true)]
  assert.ok(long.length > 20 * 1024 * 1024)
  let next = small
  const { lists, current, silences } = open(async () => next)
  await current(NOW)
  assert.equal(statusBy(lists, NOW), 'good')
  next = long
  const asked = current(later(61))
  let turns = 0
  while (lists.held(issuer.certificate)?.crl.number === 1n && silences.length === 0) {
    assert.equal(statusBy(lists, later(61)), 'good')
    await turn()
    turns += 1
  }
  await asked
  assert.ok(turns > 50, `the loop turned ${turns} times meanwhile`)
  assert.equal(statusBy(lists, later(62)), 'revoked')
  assert.deepEqual(silences, [])
})

test('an older list never takes the place of a newer one, nor one of the same number made before, nor after a restart', async () => {
  let next = revocationList({ issuer, number: 5, thisUpdate: day('2025-05-20') })
  const first = open(async () => next)
  await first.current(NOW)
  next = revocationList({ issuer, number: 4, thisUpdate: day('2025-05-30') })
  await first.current(later(61))
  next = revocationList({ issuer, number: 5, thisUpdate: day('2025-05-10') })
  await first.current(later(200))
  assert.equal(first.lists.held(issuer.certificate)?.crl.thisUpdate.getTime(), day('2025-05-20').getTime())
  assert.deepEqual(first.silences, Array(2).fill('the list is older than the last one'))
  const restarted = open(async () => next, first.kept)
  await restarted.current(later(300))
  assert.equal(restarted.lists.held(issuer.certificate)?.crl.thisUpdate.getTime(), day('2025-05-20').getTime())
  assert.deepEqual(restarted.silences, ['the list is older than the last one'])
})

test('long or short, a list signed by another, cut off, or no list at all, is as none', async () => {
  const twin = authority({ subject: 'issuer' })
  const forged = readDer(listOf(1, 300_000, false)).children()[0]!.bytes
  const long = listOf(1, 300_000, false)
  for (const bytes of [
    revocationList({ issuer: twin }),
    signed(forged, twin.key),
    long.subarray(0, -1),
    randomBytes(200_000),
  ]) {
    const { lists, current, silences } = open(async () => bytes)
    assert.equal(await current(NOW), undefined)
    assert.equal(statusBy(lists, NOW), 'none')
    assert.equal(silences.length, 1)
  }
})

test('the next list is read before its time is over, without anybody waiting for it', async () => {
  let reads = 0
  let release = (_: Buffer) => {}
  const { lists, current } = open(() => {
    reads += 1
    if (reads === 1) return Promise.resolve(revocationList({ issuer, number: 1 }))
    return new Promise<Buffer>((resolve) => {
      release = resolve
    })
  })
  await current(NOW)
  await current(later(29))
  assert.equal(reads, 1)
  assert.equal((await current(later(31)))?.crl.number, 1n)
  assert.equal((await current(later(32)))?.crl.number, 1n)
  assert.equal(reads, 2, 'once for all')
  release(revocationList({ issuer, number: 2 }))
  assert.equal((await current(later(61)))?.crl.number, 2n, 'and who comes after its time waits for that one')
  assert.equal(lists.held(issuer.certificate)?.readAt.getTime(), later(31).getTime())
})

test('a long list answers as a short one does, entry for entry', async () => {
  const long = listOf(3, 400_000, true)
  const { lists, current } = open(async () => long)
  const crl = (await current(NOW))!.crl
  assert.ok(crl.der.equals(long))
  assert.equal(statusBy(lists, NOW), 'revoked')
  const other = issue({ subject: 'other', issuer, serial: Buffer.from('0102030406', 'hex') }).certificate
  assert.equal(checkCrls(other, [crl], { at: NOW }, signersOf(issuer.certificate, lists.verify)).status, 'good')
})
