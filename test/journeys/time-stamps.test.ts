import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { readTimestampResponse } from '#trust/timestamp/response.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { type Openssl, openOpenssl, pem } from '../support/openssl.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { digestOf } from '../support/timestamps.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** A demo's own authority of time, asked by the tools that others have. */
describe('time-stamps', () => {
  let shop: TestShop
  let openssl: Openssl
  before(async () => {
    shop = await startShop({ LIMIT_TIMESTAMPS_PER_MINUTE: '50' })
    openssl = await openOpenssl()
    const anchor = readFileSync(join(shop.dataDir, 'demo', 'ca', 'root.cer'))
    await openssl.put('root.pem', pem('CERTIFICATE', anchor))
    await openssl.put('data', 'act')
  })
  after(async () => {
    await openssl?.close()
    await shop?.stop()
  })

  const ventanilla = (...words: string[]) =>
    run(join(root, 'bin/ventanilla'), words, {
      cwd: openssl.folder,
      env: { ...process.env, DATA_DIR: shop.dataDir },
    })

  /** As a shell does it: `openssl ts -query | curl | openssl ts -verify`. @returns the number of the token */
  async function stampByShell(): Promise<string> {
    await openssl.run('ts', '-query', '-data', 'data', '-sha512', '-cert', '-out', 'q')
    const words = ['-sSf', '-H', 'Content-Type: application/timestamp-query', '--data-binary', '@q', '-o', 'a']
    await run('curl', [...words, `${shop.url}/tsa`], { cwd: openssl.folder })
    const said = await openssl.run('ts', '-verify', '-queryfile', 'q', '-in', 'a', '-CAfile', 'root.pem')
    assert.match(said.toString(), /Verification: OK/)
    const { token } = readTimestampResponse(readFileSync(join(openssl.folder, 'a')))
    return verifyToken(token!, (hash) => digestOf('act', hash)).info!.serial.toString('hex')
  }

  test('openssl asks, curl carries, openssl verifies; also after a restart, with other numbers', async () => {
    const serials = [await stampByShell(), await stampByShell()]
    await shop.restart()
    serials.push(await stampByShell())
    assert.equal(new Set(serials).size, 3)
  })

  test('the command line asks and verifies; openssl verifies what it kept', async () => {
    const { stdout } = await ventanilla('timestamp', 'data', '--url', `${shop.url}/tsa`, '--json')
    const { trusted, anchor } = JSON.parse(stdout) as { trusted: boolean; anchor: { demo: boolean } }
    assert.deepEqual([trusted, anchor.demo], [true, true])
    assert.match(
      (await ventanilla('timestamp', 'verify', 'data', 'data.tsr', '--language', 'en')).stdout,
      /was there at/,
    )
    const said = await openssl.run('ts', '-verify', '-data', 'data', '-in', 'data.tsr', '-CAfile', 'root.pem')
    assert.match(said.toString(), /Verification: OK/)
  })

  test('a demo seals with the key that its server made, while it serves', async () => {
    await ventanilla('seal', 'data', '--tsa', `${shop.url}/tsa`, '--out', 'data.p7s')
    const { stdout } = await ventanilla('verify', 'data.p7s', '--content', 'data', '--json')
    const { verdict, findings } = JSON.parse(stdout) as { verdict: string; findings: Array<{ ofPlatform: boolean }> }
    assert.deepEqual([verdict, findings[0]!.ofPlatform], ['sound', true])
  })

  test('every request has an answer of the protocol; what is none, or too much, one of HTTP', async () => {
    const post = (body: BodyInit, type = 'application/timestamp-query') =>
      fetch(`${shop.url}/tsa`, { method: 'POST', body, headers: { 'content-type': type } })
    const answer = await post('rubbish')
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'application/timestamp-reply')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const { failures } = readTimestampResponse(Buffer.from(await answer.arrayBuffer()))
    assert.deepEqual(failures, ['badDataFormat'])
    assert.equal((await post('a=b', 'application/x-www-form-urlencoded')).status, 415)
    assert.equal((await post('{}', 'application/json')).status, 415)
    assert.equal((await post('x', 'application/octet-stream')).status, 415)
    assert.equal((await post(new Uint8Array(5000))).status, 413)
    assert.equal((await fetch(`${shop.url}/tsa`)).status, 404)
    const statuses = await Promise.all(Array.from({ length: 60 }, async () => (await post('rubbish')).status))
    assert.deepEqual([...new Set(statuses)].sort(), [200, 429])
  })

  test('a demo’s documents say when they were signed, and last: its own authority stamps them', async () => {
    const efirma = await openEfirma(shop.person('guadalupe'))
    const client = openShopClient(shop.url)
    const whoami = await signIn(client, efirma)
    const out = join(shop.dataDir, 'out')
    const request = { service: 'cofepris-aviso-funcionamiento', data: undefined, attach: [], consent: true, out }
    const { folio } = await apply({ shop: client, efirma, whoami }, { ...request, email: undefined })
    const documents = async (form: 'issued' | 'lasting') => {
      const { documents } = await client.get<{ documents: Array<{ id: string }> }>(`/api/v1/cases/${folio}`)
      const path = (id: string) => `/api/v1/cases/${folio}/documents/${id}${form === 'issued' ? '?form=issued' : ''}`
      return Promise.all(documents.map(({ id }) => client.download(path(id))))
    }
    const levels = (bytes: Buffer) => verifyPdf(bytes).signatures.map(({ kind, level }) => level ?? kind)
    const issued = (await documents('issued')).map(levels)
    assert.ok(
      issued.some(([level]) => level === 'B-T'),
      JSON.stringify(issued),
    )
    const isWaiting = async () => {
      const { stdout } = await ventanilla('preserve', 'status', '--json')
      const { untaken, unfinished } = JSON.parse(stdout) as { untaken: number; unfinished: number }
      return untaken + unfinished > 0
    }
    // What was sealed today is known not to have been revoked by a list of tomorrow.
    for (let day = 0; day < 6 && (await isWaiting()); day += 1)
      await ventanilla('demo', 'advance', '1d', '--server', shop.url)
    await signIn(client, efirma)
    for (const bytes of await documents('lasting')) {
      assert.equal(levels(bytes)[0], 'B-LTA')
      const file = await openssl.put('document.pdf', bytes)
      await ventanilla('verify', file)
    }
  })
})
