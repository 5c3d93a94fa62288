import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { authority, day, issue, revocationList } from '#test/support/pki.ts'
import {
  addObjects,
  basePdf,
  detachedCms,
  fillSignature,
  signatureObject,
  signPdf,
  stamper,
} from '#test/support/signed-pdf.ts'
import { type VerifyAnswer, verifyBatch } from './verify-batch.ts'

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root, notAfter: day('2025-09-01') })
const time = stamper(root)
const at = '2025-06-01T12:00:00Z'
const trustAnchors = [root.certificate.der.toString('base64')]

/** A file that carries the authority's list of revoked certificates. */
function withList(revoked: Buffer[] = []): Buffer {
  const list = revocationList({ issuer: root, revoked: revoked.map((serial) => ({ serial })) }).toString('hex')
  return basePdf({
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /DSS << /CRLs [13 0 R] >> >>',
    13: `<< /Length ${list.length / 2} >>\nstream\n${Buffer.from(list, 'hex').toString('latin1')}\nendstream`,
  })
}

async function ask(...lines: unknown[]): Promise<VerifyAnswer[]> {
  const written = lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  const answers: VerifyAnswer[] = []
  for await (const answer of verifyBatch(written, fixedClock(at))) answers.push(answer)
  return answers
}

async function verdict(pdf: Buffer, more: object = { at, trustAnchors }): Promise<string[]> {
  const [answer] = await ask({ id: 1, file: pdf.toString('base64'), ...more })
  assert.ok(answer && 'signatures' in answer, JSON.stringify(answer))
  return answer.signatures.map(({ indication, subIndication }) => [indication, subIndication].join(' ').trim())
}

test('a trusted signer, nothing revoked: passed (EN 319 102-1, 5.3)', async () => {
  assert.deepEqual(await verdict(signPdf(withList(), citizen)), ['TOTAL-PASSED'])
  assert.deepEqual(await verdict(signPdf(withList(), citizen), { trustAnchors }), ['TOTAL-PASSED'])
})

test('what nobody vouches for is indeterminate, not passed', async () => {
  assert.deepEqual(await verdict(signPdf(basePdf(), citizen)), ['INDETERMINATE TRY_LATER'])
  assert.deepEqual(await verdict(signPdf(withList(), citizen), { at }), ['INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND'])
  const late = { trustAnchors, at: '2025-10-01T00:00:00Z' }
  assert.deepEqual(await verdict(signPdf(withList(), citizen), late), ['INDETERMINATE OUT_OF_BOUNDS_NO_POE'])
})

test('a revoked signer has failed, whatever the file says', async () => {
  assert.deepEqual(await verdict(signPdf(withList([citizen.certificate.serial]), citizen)), ['TOTAL-FAILED REVOKED'])
})

test('after the certificate’s end a trusted time-stamp proves the signature older (EN 319 102-1, 5.6)', async () => {
  const empty = addObjects(withList(), {
    7: '<< /Fields [31 0 R] >>',
    30: signatureObject(),
    31: '<< /FT /Sig /T (a) /V 30 0 R >>',
  })
  const late = { trustAnchors, at: '2025-10-01T00:00:00Z' }
  const stamped = (by = time) => fillSignature(empty, (digest) => detachedCms(citizen, digest, by))
  assert.deepEqual(await verdict(stamped(), late), ['TOTAL-PASSED'])
  assert.deepEqual(await verdict(stamped(stamper()), late), ['INDETERMINATE OUT_OF_BOUNDS_NO_POE'])
})

test('a changed file: the digest, or what came later', async () => {
  const signed = signPdf(withList(), citizen)
  const changed = Buffer.from(signed)
  changed[changed.indexOf('(Hola)') + 1] = 0x4a
  assert.deepEqual(await verdict(changed), ['TOTAL-FAILED HASH_FAILURE'])
  const later = addObjects(signed, { 4: '<< /Length 1 >>\nstream\nx\nendstream' })
  assert.deepEqual(await verdict(later), ['INDETERMINATE SIG_CONSTRAINTS_FAILURE'])
})

test('a line that is no case is answered and costs the others nothing', async () => {
  const file = signPdf(withList(), citizen).toString('base64')
  const answers = await ask(
    '{',
    '',
    '[1]',
    { id: 'a' },
    { id: 'b', file: '*' },
    { id: 'c', file, at: 'now' },
    { id: 'd', file, trustAnchors: 'x' },
    { id: 'e', file: 'AAAA' },
    { id: 'f', file, trustAnchors: ['AAAA'], at },
  )
  assert.deepEqual(
    answers.map(({ id }) => id),
    [null, null, 'a', 'b', 'c', 'd', 'e', 'f'],
  )
  for (const answer of answers.slice(0, 7))
    assert.ok('error' in answer && answer.error.length > 0, JSON.stringify(answer))
  assert.ok('signatures' in answers[7]!)
  assert.equal(answers[6]!.format, 'unknown')
})
