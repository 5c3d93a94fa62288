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

test('a consistency proof proves nothing but its two sizes and two roots (RFC 9162, 2.1.4.2)', async () => {
  const garbage = hashLeaf(Buffer.from('garbage'))
  for (const [oldSize, newSize] of [
    [1, 8],
    [6, 8],
    [2, 5],
    [6, 7],
    [4, 8],
    [3, 64],
    [33, 70],
  ] as const) {
    const proof = await consistencyProof(oldSize, newSize, subtree)
    const right = { oldSize, newSize, proof, oldRoot: rootOf(leaves, 0, oldSize), newRoot: rootOf(leaves, 0, newSize) }
    assert.equal(verifyConsistency(right).indication, 'PASSED')
    const { oldRoot, newRoot } = right
    const wrong = [
      ...[oldSize - 1, oldSize + 1, oldSize ^ 2, 0].map((size) => ({ ...right, oldSize: size })),
      ...[newSize * 2, Math.floor(newSize / 2), oldSize].map((size) => ({ ...right, newSize: size })),
      { ...right, oldRoot: newRoot, newRoot: oldRoot },
      { ...right, oldRoot: Buffer.from('short') },
      { ...right, newRoot: Buffer.from('short') },
      ...[[], proof.slice(0, -1), proof.slice(1)].map((other) => ({ ...right, proof: other })),
      ...[garbage, oldRoot, newRoot, proof[0]!, Buffer.alloc(0)].flatMap((hash) => [
        { ...right, proof: [...proof, hash] },
        { ...right, proof: [hash, ...proof] },
      ]),
      ...proof.map((_, i) => ({ ...right, proof: proof.map((hash, at) => (at === i ? garbage : hash)) })),
    ]
    for (const each of wrong) assert.equal(verifyConsistency(each).indication, 'FAILED', JSON.stringify(each))
  }
})

test('trees of one size are the same or are not, without any proof; an empty one says nothing of a later one', () => {
  const [one, other] = [leaves[0]!, leaves[1]!]
  for (const size of [0, 1, 8]) {
    const same = { oldSize: size, newSize: size, oldRoot: one, newRoot: one, proof: [] }
    assert.equal(verifyConsistency(same).indication, 'PASSED')
    assert.equal(verifyConsistency({ ...same, newRoot: other }).indication, 'FAILED')
    assert.equal(verifyConsistency({ ...same, proof: [one] }).indication, 'FAILED')
  }
  for (const proof of [[], [one]])
    assert.equal(verifyConsistency({ oldSize: 0, newSize: 1, oldRoot: one, newRoot: one, proof }).indication, 'FAILED')
})

test('sizes beside a power of two are not taken for it, and what is no size is refused', () => {
  const root = leaves[0]!
  // Of 2^48 + 1 the logarithm is 48 to a double: taken for a power of two, the older root itself would begin the path.
  const beside = { oldSize: 2 ** 48 + 1, newSize: 2 ** 48 + 2, oldRoot: root, newRoot: root, proof: [] as Buffer[] }
  assert.deepEqual(verifyConsistency(beside).reason, 'the proof is too short')
  for (const size of [-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
    for (const question of [
      { oldSize: size, newSize: 4 },
      { oldSize: 1, newSize: size },
    ])
      assert.equal(verifyConsistency({ ...beside, ...question }).indication, 'FAILED')
})
