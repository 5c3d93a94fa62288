import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readTimestampRequest } from '../../src/trust/timestamp/request.ts'
import { readTimestampResponse, writeGrant, writeRefusal } from '../../src/trust/timestamp/response.ts'
import { authority, day } from '../../test/support/pki.ts'
import { type ForgedToken, forgeToken, timeHolder } from '../../test/support/timestamps.ts'
import { UsageRefusal } from '../read-options.ts'
import { run } from './timestamp.ts'

const ventanilla = fileURLToPath(new URL('../ventanilla', import.meta.url))
const root = authority({ subject: 'RAÍZ', notAfter: day('2045-01-01') })
const holder = timeHolder({ issuer: root, notAfter: day('2045-01-01') })
let folder: string
let server: Server
let url: string
let answer: (request: Buffer) => Buffer | undefined

const stamping =
  (change: Partial<ForgedToken> = {}) =>
  (request: Buffer) => {
    const { imprint, nonce } = readTimestampRequest(request)
    return writeGrant(forgeToken({ ...change, holder, info: { imprint: imprint.der, nonce, ...change.info } }))
  }

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestamp-'))
  for (const name of ['trust', 'empty']) await mkdir(join(folder, name))
  writeFileSync(join(folder, 'trust', 'root.cer'), root.certificate.der)
  writeFileSync(join(folder, 'act.txt'), 'act')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = answer(Buffer.concat(chunks))
      if (bytes) response.end(bytes)
      else response.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

interface Ran {
  code: number
  out: string
  error: { error?: { code: string; message: string } }
}

/** As a shell does it. */
const command = (...words: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, DATA_DIR: folder } }
    execFile(ventanilla, ['timestamp', ...words], options, (failed, out, error) =>
      resolve({ code: Number(failed?.code ?? 0), out, error: error ? JSON.parse(error) : {} }),
    )
  })

/** The same in this process. */
async function exitOf(...words: string[]): Promise<{ code: number; out: string }> {
  const stdout = new PassThrough()
  const io = { stdin: process.stdin, stdout, stderr: stdout }
  const paths = [...words, '--language', 'en'].map((word) =>
    /^[a-z]+(\.\w+)*$/.test(word) && !['verify', 'en'].includes(word) && !/^sha|^md5/.test(word)
      ? join(folder, word)
      : word,
  )
  const code = await run(paths, io)
  return { code, out: String(stdout.read() ?? '') }
}

test('a file is stamped, the answer kept, and verified later without network', async () => {
  answer = stamping()
  const stamped = await exitOf('act.txt', '--url', url, '--hash', 'sha512', '--trust', 'trust')
  assert.equal(stamped.code, 0, JSON.stringify(stamped))
  assert.match(stamped.out, /was there at 2025-06-01T12:00:00.250Z \(± 1000 ms\), says HORA/)
  assert.match(stamped.out, /trusted by RAÍZ/)
  answer = () => undefined
  const verified = await command('verify', 'act.txt', 'act.txt.tsr', '--trust', 'trust', '--json')
  assert.equal(verified.code, 0)
  const { sound, trusted, hash, anchor } = JSON.parse(verified.out)
  assert.deepEqual(
    { sound, trusted, hash, anchor },
    { sound: true, trusted: true, hash: 'sha512', anchor: { name: 'RAÍZ', demo: false } },
  )
  // The token alone is as good.
  writeFileSync(join(folder, 'token'), readTimestampResponse(readFileSync(join(folder, 'act.txt.tsr'))).token!)
  assert.equal((await exitOf('verify', 'act.txt', 'token', '--trust', 'trust')).code, 0)
})

test('not sound is 1, nobody trusted 3, a refusal 2, silence 4', async () => {
  answer = stamping()
  assert.equal((await exitOf('act.txt', '--url', url, '--out', 'kept.tsr', '--trust', 'empty')).code, 3)
  writeFileSync(join(folder, 'other.txt'), 'another act')
  const other = await exitOf('verify', 'other.txt', 'kept.tsr', '--trust', 'trust')
  assert.deepEqual([other.code, other.out], [1, 'No time is proven: it stamps something else.\n'])
  const spanish = await command('verify', 'other.txt', 'kept.tsr', '--trust', 'trust', '--language', 'es')
  assert.equal(spanish.out, 'No prueba ninguna hora: es de otro contenido.\n')
  const kept = readFileSync(join(folder, 'kept.tsr'))
  for (const out of ['kept.tsr', 'act.txt'])
    assert.equal((await command('act.txt', '--url', url, '--out', out)).code, 2, 'neither a token nor the file itself')
  assert.deepEqual(readFileSync(join(folder, 'kept.tsr')), kept)
  writeFileSync(join(folder, 'rubbish'), 'rubbish')
  assert.equal((await exitOf('verify', 'act.txt', 'rubbish', '--trust', 'trust')).code, 1)
  answer = stamping({ info: { nonce: Buffer.from([7]) } })
  const replayed = await exitOf('act.txt', '--url', url, '--out', 'replayed.tsr')
  assert.equal(replayed.code, 1)
  assert.match(replayed.out, /nonce/)
  assert.throws(() => readFileSync(join(folder, 'replayed.tsr')))
  answer = () => writeRefusal('unacceptedPolicy', 'No con esa política.')
  const refused = await command('act.txt', '--url', url, '--policy', '1.2.3')
  assert.deepEqual([refused.code, refused.error.error?.code], [2, 'refused'])
  assert.match(refused.error.error!.message, /unacceptedPolicy.*No con esa política/)
  answer = () => undefined
  const silent = await command('act.txt', '--url', url)
  assert.deepEqual([silent.code, silent.error.error?.code], [4, 'network'])
})

test('what is missing or wrong is said', async () => {
  for (const words of [
    ['act.txt'],
    ['verify', 'act.txt'],
    ['act.txt', '--url', 'ftp://x'],
    ['act.txt', '--url', url, '--hash', 'md5'],
    ['act.txt', '--url', url, '--policy', 'one'],
    ['none', '--url', url],
  ])
    await assert.rejects(exitOf(...words, '--trust', 'trust'), UsageRefusal, words.join(' '))
})
