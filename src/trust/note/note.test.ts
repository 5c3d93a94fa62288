import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { checkpointText, openCheckpoint } from './checkpoint.ts'
import { parseNote, parseVerifierKey, signNote, verifierKey } from './signed-note.ts'
import { verifyTlogProof, writeTlogProof } from './tlog-proof.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const NAME = 'shop.example/log'
const verifier = parseVerifierKey(verifierKey(NAME, publicKey))!
const leaf = hashLeaf(Buffer.from('entry'))
const text = checkpointText({ origin: NAME, size: 1, root: rootOf([leaf]) })
const note = signNote(text, NAME, privateKey)

test('a checkpoint is the log’s only where the pinned key signed it for its own origin (C2SP signed-note)', () => {
  assert.equal(openCheckpoint(note, verifier)?.size, 1)
  assert.equal(openCheckpoint(signNote(text, NAME, other.privateKey), verifier), undefined)
  const foreign = checkpointText({ origin: 'other.example/log', size: 1, root: rootOf([leaf]) })
  assert.equal(openCheckpoint(signNote(foreign, NAME, privateKey), verifier), undefined)
})

test('not a character of a note can change', () => {
  for (let i = 0; i < note.length; i += 1) {
    const changed = note.slice(0, i) + String.fromCharCode(note.charCodeAt(i) ^ 1) + note.slice(i + 1)
    assert.equal(openCheckpoint(changed, verifier), undefined, `character ${i}`)
  }
})

test('a proof passes with the pinned key, is undetermined without one, fails for another entry', () => {
  const proof = writeTlogProof({ index: 0, path: [], checkpoint: note })
  assert.equal(verifyTlogProof(proof, leaf, verifier).indication, 'PASSED')
  assert.equal(verifyTlogProof(proof, leaf, undefined).indication, 'INDETERMINATE')
  assert.equal(verifyTlogProof(proof, hashLeaf(Buffer.from('x')), verifier).indication, 'FAILED')
})

test('any text is a note or nothing, a proof or a failure', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((tail) => note + tail),
        fc.string().map((head) => head + note),
      ),
      (typed) => {
        const parsed = parseNote(typed)
        assert.ok(parsed === undefined || parsed.text.endsWith('\n'))
        assert.ok(['FAILED', 'INDETERMINATE'].includes(verifyTlogProof(typed, leaf, verifier).indication))
      },
    ),
    { numRuns: 300 },
  )
})
