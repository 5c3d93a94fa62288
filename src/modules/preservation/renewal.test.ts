import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepOf } from './renewal.ts'

test('what can be done for a document, by what is there and what is missing', () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`)
  const now = day('2030-06-01')
  const proof = { complete: true, stampedAt: day('2027-01-01'), endsAt: day('2031-01-01') }
  const standing = { now, takenAt: day('2027-01-01'), proof, lacks: false, endsAt: day('2034-01-01') }
  assert.equal(stepOf(standing), 'complete')
  assert.equal(stepOf({ ...standing, endsAt: undefined }), 'wait')
  assert.equal(stepOf({ ...standing, endsAt: proof.endsAt }), 'wait')
  assert.equal(stepOf({ ...standing, endsAt: proof.endsAt, proof: { ...proof, complete: false } }), 'complete')
  // Algorithms that ended: nothing that is stamped now proves anything.
  assert.equal(stepOf({ ...standing, proof: undefined, endsAt: day('2030-05-31') }), 'wait')
  assert.equal(stepOf({ ...standing, lacks: true }), 'wait')
  assert.equal(stepOf({ ...standing, lacks: true, now: day('2030-11-01') }), 'prove-time')
  assert.equal(stepOf({ ...standing, lacks: true, now: day('2032-01-01') }), 'prove-time')
  assert.equal(stepOf({ ...standing, lacks: true, proof: undefined }), 'prove-time')
  assert.equal(stepOf({ ...standing, lacks: true, proof: undefined, takenAt: now }), 'wait')
})
