import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AT, containerOf, part } from '#test/support/asic.ts'
import { type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { authority, day, issue, revocationList } from '#test/support/pki.ts'
import { stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { prepareArchive } from '#trust/asic/archive-asic.ts'
import { readZip } from '#trust/asic/read-zip.ts'
import { addValidationData } from '#trust/cades/grow-signature.ts'
import { type ExamineTrust, examine } from './examine.ts'

const root = authority({ subject: 'root', notAfter: day('2040-01-01') })
const citizen = issue({ subject: 'citizen', issuer: root })
const clock = stamper(root, { notBefore: day('2020-01-01'), notAfter: day('2039-01-01') })
const trust: ExamineTrust = {
  trustAnchors: [root.certificate],
  evidence: { certificates: [], crls: [revocationList({ issuer: root })], ocspResponses: [] },
}
const at = day('2025-06-02')
const whole = await containerOf([part('a.txt', 'a'), part('b.txt', 'b')], citizen, clock)
const told = (file: Buffer, when = at) => {
  const { format, error, sound, trusted, signatures } = examine(file, trust, when)
  const each = signatures.map(({ found, indication, subIndication }) =>
    [found.kind, indication, subIndication].filter(Boolean).join(' '),
  )
  return [format, error?.problem ?? `${sound} ${trusted}`, ...each]
}
const without = (file: Buffer, name: string, more: ForgedEntry[] = []) =>
  forgeZip([
    ...readZip(file)
      .filter((each) => each.name !== name)
      .map(({ name: own, read }) => ({ name: own, bytes: read() })),
    ...more,
  ])

test('a container is judged like any other file', () => {
  assert.deepEqual(told(whole), ['asic-e', 'true true', 'signature TOTAL-PASSED'])
  assert.deepEqual(told(without(whole, 'a.txt')), ['asic-e', 'false false', 'signature TOTAL-FAILED HASH_FAILURE'])
  const more = without(whole, '', [{ name: 'c.txt', bytes: Buffer.from('c') }])
  assert.deepEqual(told(more), ['asic-e', 'false false', 'signature INDETERMINATE SIG_CONSTRAINTS_FAILURE'])
  assert.deepEqual(told(Buffer.concat([whole, Buffer.from('x')])), ['asic-e', 'not-zip'])
  const unsigned = forgeZip([{ name: 'a.txt', bytes: Buffer.from('a') }])
  assert.deepEqual(told(unsigned), ['asic-e', 'false false'])
})

test('archive time-stamps over the container count for its signatures, and for each other', () => {
  const stamp = (file: Buffer, when: string) => {
    const { manifest, complete } = prepareArchive(file, { at: AT })
    return Buffer.concat([...complete(timestampOver(manifest, clock, new Date(when)))])
  }
  const twice = stamp(stamp(whole, '2025-06-01T00:00:10Z'), '2025-06-01T00:01:00Z')
  assert.deepEqual(told(twice), [
    'asic-e',
    'true true',
    'signature TOTAL-PASSED',
    'time-stamp PASSED',
    'time-stamp PASSED',
  ])
  const { signatures } = examine(twice, trust, at)
  assert.equal(signatures[0]!.timestamps.length, 3)
  assert.deepEqual(signatures[0]!.found.covers, ['a.txt', 'b.txt'])
  const bytes = readZip(twice).map(({ name, read }): ForgedEntry => ({ name, bytes: read() }))
  const changed = forgeZip(bytes.map((each) => (each.name === 'b.txt' ? { ...each, bytes: Buffer.from('c') } : each)))
  assert.deepEqual(told(changed).slice(1), [
    'false false',
    'signature TOTAL-FAILED HASH_FAILURE',
    'time-stamp FAILED HASH_FAILURE',
    'time-stamp FAILED HASH_FAILURE',
  ])
})

test('lifted to B-LTA and renewed, a container is judged by what it carries when its signer’s certificate has long ended', () => {
  const token = (bytes: Buffer, when: string) => timestampOver(bytes, clock, new Date(when))
  const entry = (file: Buffer, name: string) =>
    readZip(file)
      .find((each) => each.name === name)!
      .read()
  const archive = (file: Buffer, when: string, lifted: string) => {
    const replaced = new Map([[lifted, addValidationData(entry(file, lifted), listsOf(when))]])
    const { manifest, complete } = prepareArchive(file, { at: AT, replaced })
    return Buffer.concat([...complete(token(manifest, when))])
  }
  const listsOf = (when: string) => {
    const thisUpdate = new Date(when)
    const crl = revocationList({ issuer: root, thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + 86_400_000) })
    return { certificates: [root.certificate.der], crls: [crl], ocspResponses: [] }
  }
  const lifted = archive(whole, '2025-06-02T00:00:00Z', 'META-INF/signature001.p7s')
  const renewed = archive(lifted, '2029-06-02T00:00:00Z', 'META-INF/timestamp001.tst')
  const alone: ExamineTrust = { trustAnchors: [root.certificate] }
  const later = day('2033-01-01')
  const [signature] = examine(renewed, alone, later).signatures
  assert.deepEqual([signature!.found.level, signature!.indication], ['B-LTA', 'TOTAL-PASSED'])
  assert.equal(signature!.found.facts.timestamps.length, 3)
  // The same without them proves nothing any more.
  assert.equal(examine(whole, alone, later).signatures[0]!.indication, 'INDETERMINATE')
  // What a time-stamp covers cannot be given new evidence.
  const again = new Map([['META-INF/signature001.p7s', entry(renewed, 'META-INF/signature001.p7s')]])
  assert.throws(() => prepareArchive(renewed, { at: AT, replaced: again }), RangeError)
})
