import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { freePort, startShop, type TestShop } from '../support/shop.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

describe('starting and stopping', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop()
  })
  after(() => shop?.stop())

  /** What a start that must fail says: one line on standard error, and exit 1. */
  async function refusal(environment: Record<string, string>): Promise<string> {
    const env = { ...process.env, DATABASE_URL: '', PORT: String(await freePort()), ...environment }
    const error = await run(process.execPath, [join(root, 'src/main.ts')], { env }).then(
      () => assert.fail('it started'),
      (failed: { code: number; stderr: string; stdout: string }) => failed,
    )
    assert.equal(error.code, 1, error.stderr)
    assert.equal(error.stdout, '')
    assert.equal(error.stderr.trimEnd().split('\n').length, 1, error.stderr)
    return error.stderr
  }
  const command = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, DATABASE_URL: '', DATA_DIR: shop.dataDir }
    return (await run(join(root, 'bin/ventanilla'), args, { env })).stdout
  }
  const submit = async () => {
    const efirma = await openEfirma(shop.person('guadalupe'))
    const client = openShopClient(shop.url)
    const person = { shop: client, efirma, whoami: await signIn(client, efirma) }
    const out = join(shop.dataDir, 'out')
    const service = 'cofepris-denuncia-sanitaria'
    return apply(person, { service, data: undefined, attach: [], consent: true, email: undefined, out })
  }

  test('what keeps a start from going on is one sentence', async () => {
    const other = join(shop.dataDir, 'other')
    assert.match(await refusal({ DATA_DIR: shop.dataDir }), /Another Ventanilla/)
    assert.match(await refusal({ DATA_DIR: other, PORT: new URL(shop.url).port }), /^Port \d+ is taken/)
    assert.match(await refusal({ DATA_DIR: other, TRUST_DIR: '/nowhere' }), /^TRUST_DIR/)
    assert.match(await refusal({ DATA_DIR: other, DEMO_CLOCK: '2020-01-01T00:00:00Z' }), /^DEMO_CLOCK/)
    assert.match(await refusal({ DATABASE_URL: await ownerWithoutRights(shop.dataDir), DEMO: '1' }), /CREATEROLE/)
    const away = 'postgres://owner:secret@127.0.0.1:1/shop'
    const words = await refusal({ DATABASE_URL: away })
    assert.match(words, /^DATABASE_URL cannot be reached/)
    assert.doesNotMatch(words, /secret/)
  })

  test('told to stop while somebody never finishes their request, it stops, says nothing, and goes on at another address', async () => {
    const { receipt } = await submit()
    const { port } = new URL(shop.url)
    const slow = connect(Number(port), '127.0.0.1')
    slow.on('error', () => {})
    slow.write('POST /api/v1/drafts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await shop.halt()
    assert.equal(shop.process.exitCode, 0)
    slow.destroy()
    assert.doesNotMatch(shop.log(), /"level"/)
    await shop.move()
    assert.equal(JSON.parse(await command('log', 'check', shop.url, '--json')).sound, true)
    assert.equal(JSON.parse(await command('verify', receipt!, '--json')).log.indication, 'PASSED')
  })

  test('killed and started again at once, it goes on with all that was acknowledged', async () => {
    const { folio } = await submit()
    shop.process.kill('SIGKILL')
    await shop.restart()
    const efirma = await openEfirma(shop.person('guadalupe'))
    const client = openShopClient(shop.url)
    await signIn(client, efirma)
    assert.equal((await client.get<{ folio: string }>(`/api/v1/cases/${folio}`)).folio, folio)
  })
})

/** A database of its own on the shop's server, whose owner may make no roles. */
async function ownerWithoutRights(dataDir: string): Promise<string> {
  const password = (await readFile(join(dataDir, 'postgres.password'), 'utf8')).trim()
  const port = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3]
  const client = new pg.Client({ connectionString: `postgres://ventanilla:${password}@127.0.0.1:${port}/postgres` })
  await client.connect()
  await client.query(`create role plain login password 'word'`)
  await client.query('create database plain owner plain')
  await client.end()
  return `postgres://plain:word@127.0.0.1:${port}/plain`
}
