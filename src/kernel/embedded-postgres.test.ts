import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { makeDataFolder, StartRefusal, startEmbeddedPostgres } from './embedded-postgres.ts'

describe('the embedded database’s folder', () => {
  let folder: string
  let holder: ChildProcess | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ventanilla-folder-'))
  })
  afterEach(async () => {
    holder?.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
  })
  const start = () => startEmbeddedPostgres(folder, { shared_buffers: '16MB' })

  test('a second instance on the same data is refused in one sentence', async () => {
    holder = spawn('sleep', ['60'])
    await lockFor(folder, holder.pid!)
    await assert.rejects(start(), (error) => error instanceof StartRefusal && /Another Ventanilla/.test(error.message))
  })

  test('who was killed a moment ago does not keep the next start from going on', async () => {
    holder = spawn('sleep', ['60'])
    await lockFor(folder, holder.pid!)
    setTimeout(() => holder?.kill('SIGKILL'), 300)
    await (await start()).stop()
  })

  test('who ended and was never waited for holds nothing', { skip: process.platform !== 'linux' }, async () => {
    // The shell becomes a sleeper that waits for nobody: its child stays in the process table.
    holder = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pid = Number(await new Promise((resolve) => holder!.stdout!.once('data', resolve)))
    await lockFor(folder, pid)
    while (!/\) Z/.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await new Promise((tick) => setTimeout(tick, 20))
    await (await start()).stop()
  })

  test('root’s own data goes on where namespaces are forbidden', { skip: process.getuid?.() !== 0 }, async () => {
    await (await start()).stop()
    const bin = join(folder, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const path = process.env.PATH
    process.env.PATH = `${bin}:${path}`
    try {
      await (await start()).stop()
      await (await start()).stop()
    } finally {
      process.env.PATH = path
    }
  })

  test('a folder of another version, without its password, or that is none: one sentence', async () => {
    const refused = (work: Promise<unknown>, words: RegExp) =>
      assert.rejects(work, (error) => error instanceof StartRefusal && words.test(error.message))
    await mkdir(join(folder, 'postgres'))
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '15\n')
    await refused(start(), /PostgreSQL 15/)
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n')
    await refused(start(), /postgres\.password/)
    await refused(makeDataFolder(join(folder, 'postgres', 'PG_VERSION')), /DATA_DIR cannot be used/)
  })
})

async function lockFor(folder: string, pid: number): Promise<void> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  await writeFile(join(folder, 'lock'), `${pid} ${started}`)
}
