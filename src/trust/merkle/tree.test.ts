import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consistencyProof, hashLeaf, inclusionProof, rootOf } from './tree.ts'
import { verifyConsistency, verifyInclusion } from './verify-proof.ts'

const leaves = Array.from({ length: 70 }, (_, i) => hashLeaf(Buffer.from(`entry ${i}`)))
const subtree = async (level: number, index: number) => rootOf(leaves, index * 2 ** level, (index + 1) * 2 ** level)

test('every leaf of every tree up to 70 proves itself, and no other (RFC 6962, 2.1.1)', async () => {
  for (let size = 1; size <= leaves.length; size += size < 20 ? 1 : 7) {
    const root = rootOf(leaves, 0, size)
    for (let leafIndex = 0; leafIndex < size; leafIndex += 1) {
      const proof = await inclusionProof(leafIndex, size, subtree)
      const question = { leafIndex, treeSize: size, root, proof }
      assert.equal(verifyInclusion({ ...question, leafHash: leaves[leafIndex]! }).indication, 'PASSED')
      const other = leaves[(leafIndex + 1) % leaves.length]!
      assert.equal(verifyInclusion({ ...question, leafHash: other }).indication, 'FAILED')
    }
  }
})

test('every tree is the beginning of every later one, and of no other (RFC 6962, 2.1.2)', async () => {
  for (let newSize = 2; newSize <= leaves.length; newSize += 9)
    for (let oldSize = 1; oldSize <= newSize; oldSize += 5) {
      const proof = await consistencyProof(oldSize, newSize, subtree)
      const question = {
        oldSize,
        newSize,
        proof,
        oldRoot: rootOf(leaves, 0, oldSize),
        newRoot: rootOf(leaves, 0, newSize),
      }
      assert.equal(verifyConsistency(question).indication, 'PASSED', `${oldSize} ${newSize}`)
      const forged = { ...question, oldRoot: hashLeaf(Buffer.from('another log')) }
      assert.equal(verifyConsistency(forged).indication, 'FAILED')
    }
})
