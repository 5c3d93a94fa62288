import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeLeftovers } from './make-case-file.ts'

test('what a killed process left is taken away, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-leftovers-'))
  try {
    for (const name of ['case-file-1', 'case-file-2', 'seal.p12']) await writeFile(join(folder, name), 'x')
    await removeLeftovers(folder)
    assert.deepEqual(await readdir(folder), ['seal.p12'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
