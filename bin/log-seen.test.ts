import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { checkpointText } from '#trust/note/checkpoint.ts'
import { parseVerifierKey, signNote, verifierKey } from '#trust/note/signed-note.ts'
import { compareWithSeen } from './log-seen.ts'

const NAME = 'shop.example/log'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const verifier = parseVerifierKey(verifierKey(NAME, publicKey))!
const leavesOf = (...entries: string[]) => entries.map((each) => hashLeaf(Buffer.from(each)))
const logOf = (leaves: Buffer[], key: KeyObject = privateKey) => ({
  leaves,
  note: signNote(checkpointText({ origin: NAME, size: leaves.length, root: rootOf(leaves) }), NAME, key),
})

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-seen-'))
})
after(() => rm(folder, { recursive: true, force: true }))
const compare = (...entries: string[]) => compareWithSeen(join(folder, 'seen'), verifier, logOf(leavesOf(...entries)))

test('a log may stay or grow; one that shrank or was written anew is refused, and the larger one stays remembered', async () => {
  assert.equal(await compare('a', 'b'), undefined)
  assert.equal(await compare('a', 'b'), undefined)
  assert.equal(await compare('a', 'b', 'c', 'd', 'e'), undefined)
  assert.match((await compare('a', 'b', 'c')) ?? '', /has 3 entries, and had 5/)
  assert.match((await compare('a', 'x', 'c', 'd', 'e')) ?? '', /first 5 entries are not those/)
  assert.match((await compare('a', 'b', 'c', 'd', 'x', 'f')) ?? '', /first 5 entries are not those/)
  assert.equal(await compare('a', 'b', 'c', 'd', 'e', 'f'), undefined)
})
