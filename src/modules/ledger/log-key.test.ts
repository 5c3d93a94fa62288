import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { checkpointText } from '#trust/note/checkpoint.ts'
import { signNote } from '#trust/note/signed-note.ts'
import { openLogKey } from './index.ts'

describe('the log’s key', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ventanilla-log-key-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  test('a log keeps its name and key at another address; another key is refused in one sentence', async () => {
    const first = await openLogKey(folder, 'http://localhost:3000', undefined)
    assert.equal(first.origin, 'localhost:3000/log')
    const text = checkpointText({ origin: first.origin, size: 1, root: rootOf([hashLeaf(Buffer.from('a'))]) })
    const note = signNote(text, first.origin, first.privateKey)
    const later = await openLogKey(folder, 'https://shop.example', note)
    assert.equal(later.verifier, first.verifier)
    const other = join(folder, 'other')
    await assert.rejects(openLogKey(other, 'http://localhost:3000', note), StartRefusal)
    assert.deepEqual(await readdir(folder), ['log.key'], 'a key that is refused is not kept')
  })
})
