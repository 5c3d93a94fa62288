import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { commitTo } from '#modules/ledger/index.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { checkpointText } from '#trust/note/checkpoint.ts'
import { parseVerifierKey, signNote, verifierKey } from '#trust/note/signed-note.ts'
import { writeTlogProof } from '#trust/note/tlog-proof.ts'
import { checkLogEvidence } from './check-log-evidence.ts'

const NAME = 'shop.example/log'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const verifier = parseVerifierKey(verifierKey(NAME, publicKey))!
const other = generateKeyPairSync('ed25519')
const submitted = (folio: string) => {
  const salt = Buffer.alloc(32, folio)
  const record = canonicalJson({ folio, application: 'ab' })
  const entry = { v: 1, act: 'case.submitted', at: '2026-11-24T15:00:00.000Z', commitment: commitTo(salt, record) }
  return { salt, record, bytes: Buffer.from(canonicalJson(entry)) }
}

const [mine, hers] = [submitted('F-1'), submitted('F-2')]
const leaves = [mine, hers].map(({ bytes }) => hashLeaf(bytes))
const proofAt = (index: number, { name = NAME, key = privateKey, size = 2 } = {}) =>
  Buffer.from(
    writeTlogProof({
      index,
      path: [leaves[1 - index]!],
      checkpoint: signNote(checkpointText({ origin: name, size, root: rootOf(leaves) }), name, key),
    }),
  )
const opened = ({ salt, record }: { salt: Buffer; record: string }) =>
  Buffer.from(JSON.stringify({ salt: salt.toString('base64url'), record }))
const evidence = { proof: proofAt(0), entry: mine.bytes, record: opened(mine) }
const receipt = { folio: 'F-1', application: { sha256: 'ab' } }

test('the entry, what opens it and the proof belong together and to the document', () => {
  assert.equal(checkLogEvidence(evidence, receipt, verifier).indication, 'PASSED')
  assert.equal(checkLogEvidence(evidence, receipt, undefined).indication, 'INDETERMINATE')
})

test('of another case, with another salt, of another log, of a smaller one: none of it passes', () => {
  const salted = opened({ ...mine, salt: Buffer.alloc(32, 7) })
  const cases: Array<[string, typeof evidence, unknown]> = [
    ['the proof of another case', { ...evidence, proof: proofAt(1) }, receipt],
    ['the whole evidence of another case', { proof: proofAt(1), entry: hers.bytes, record: opened(hers) }, receipt],
    ['another salt', { ...evidence, record: salted }, receipt],
    ['another record', { ...evidence, record: opened({ ...mine, record: '{"folio":"F-9"}' }) }, receipt],
    ['a key of nobody', { ...evidence, proof: proofAt(0, { key: other.privateKey }) }, receipt],
    ['another log', { ...evidence, proof: proofAt(0, { name: 'evil.example/log' }) }, receipt],
    ['a smaller tree', { ...evidence, proof: proofAt(0, { size: 1 }) }, receipt],
    ['another application', evidence, { folio: 'F-1', application: { sha256: 'cd' } }],
    ['a document that names nothing of the act', evidence, { hello: 1 }],
    ['a document without data', evidence, undefined],
  ]
  for (const [name, parts, data] of cases)
    assert.equal(checkLogEvidence(parts, data, verifier).indication, 'FAILED', name)
})
