import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Authorities } from '#modules/identity/index.ts'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, day, type Holder, newKey } from '#test/support/pki.ts'
import { digestOf, type ForgedToken, forgeToken, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'
import { readTimestampRequest } from '#trust/timestamp/request.ts'
import { writeGrant, writeRefusal } from '#trust/timestamp/response.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { openStamping } from './open-stamping.ts'
import { ownSource, plainSource, readTimestampSources, type TimestampSource } from './read-sources.ts'

const now = new Date('2026-06-01T12:00:00Z')
const ages = { notBefore: day('2020-01-01'), notAfter: day('2045-01-01') }
const root = authority({ subject: 'RAÍZ', ...ages })
const holder = timeHolder({ issuer: root, ...ages })
const authorities: Authorities = [
  { certificate: root.certificate, sha256: root.certificate.sha256, name: 'RAÍZ', anchor: true, source: 'given' },
]
const digest = digestOf('act')

/** What each address answers, and how often it was asked. */
const listeners = new Map<string, RequestListener>()
const asked: string[] = []
let server: Server
let base: string
let openssl: Openssl
const folder = mkdtempSync(join(tmpdir(), 'sources-'))

before(async () => {
  openssl = await openOpenssl()
  server = createServer((request, response) => {
    asked.push(request.url!.slice(1))
    const listener = listeners.get(request.url!.slice(1))
    if (listener) listener(request, response)
    else response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await openssl.close()
  rmSync(folder, { recursive: true })
})

const bodyOf = async (request: Parameters<RequestListener>[0]): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** An authority whose answers are wrong where it is told so. */
function stamps(name: string, by: Holder, change: Partial<ForgedToken> = {}): TimestampSource {
  listeners.set(name, (request, response) => {
    void bodyOf(request).then((bytes) => {
      const { imprint, nonce } = readTimestampRequest(bytes)
      const info = { imprint: imprint.der, nonce, time: now, ...change.info }
      response.end(writeGrant(forgeToken({ ...change, holder: by, info })))
    })
  })
  return { ...plainSource(`${base}/${name}`), name, trust: [] }
}

const answers = (name: string, listener: RequestListener): TimestampSource => {
  listeners.set(name, listener)
  return { ...plainSource(`${base}/${name}`), name }
}

function open(sources: TimestampSource[], more: { elapsed?: () => number } = {}) {
  const reasons: string[] = []
  const log = { warn: (said: object) => reasons.push((said as { err: Error }).err.message) }
  const stamp = openStamping({ sources, own: undefined, authorities, now: () => now, log, ...more }, 'conservation')!
  return { stamp, reasons }
}

async function reasonOf(source: TimestampSource): Promise<string | undefined> {
  const { stamp, reasons } = open([source])
  assert.equal(await stamp(digest), undefined)
  return reasons[0]
}

test('what OpenSSL stamps is a token over this very digest', async () => {
  const key = newKey()
  const { certificate } = timeHolder({ key, ...ages })
  await openssl.put('tsa.pem', pem('CERTIFICATE', certificate.der))
  await openssl.put('tsa.key', key.export({ format: 'pem', type: 'pkcs8' }) as string)
  await openssl.put('serial', '01\n')
  await openssl.put(
    'tsa.cnf',
    '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\ness_cert_id_alg=sha256\n',
  )
  const source = answers('openssl', (request, response) => {
    void bodyOf(request).then(async (bytes) => {
      await openssl.put('q', bytes)
      await openssl.run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q', '-out', 'a')
      response.end(readFileSync(join(openssl.folder, 'a')))
    })
  })
  const warn = (said: object) => assert.fail(String((said as { err: Error }).err))
  const parts = { sources: [source], own: undefined, authorities: [], now: undefined, log: { warn } }
  const token = await openStamping(parts, 'signatures')!(digest)
  assert.equal(verifyToken(token!, () => digest).timestamp?.sound, true)
})

test('a token of another digest or nonce, a refusal, an error, rubbish, too much, a redirect: silence, and why', async () => {
  assert.match(
    (await reasonOf(stamps('digest', holder, { info: { imprint: writeImprint('sha256', digestOf('x')) } })))!,
    /something else/,
  )
  assert.match((await reasonOf(stamps('nonce', holder, { info: { nonce: Buffer.from([1]) } })))!, /nonce/)
  assert.match((await reasonOf(stamps('bare', holder, { withoutCertificates: true })))!, /does not carry/)
  const answer = (body: Buffer) => answers('bytes', (_, response) => response.end(body))
  assert.match((await reasonOf(answer(writeRefusal('systemFailure', 'hoy no'))))!, /refuses: systemFailure.*hoy no/)
  assert.match((await reasonOf(answer(Buffer.alloc(2000, 0x30))))!, /no answer/)
  assert.match((await reasonOf(answer(Buffer.alloc(2_000_000))))!, /too large/)
  assert.match((await reasonOf({ ...plainSource(`${base}/nobody`) }))!, /503/)
  const elsewhere = answers('redirect', (_, response) => response.writeHead(307, { location: `${base}/digest` }).end())
  assert.match((await reasonOf(elsewhere))!, /fetch failed/)
  const slow = { ...answers('slow', () => {}), milliseconds: 50 }
  assert.match((await reasonOf(slow))!, /timeout/)
})

test('who stamps has to be trusted, the one that is expected, under the policy that is expected, and know the time', async () => {
  const { stamp } = open([stamps('good', holder)])
  assert.ok(await stamp(digest))
  assert.match((await reasonOf(stamps('stranger', timeHolder(ages))))!, /nobody trusted/)
  const good = stamps('good', holder)
  const other = { ...good, trust: ['0'.repeat(64)] }
  assert.match((await reasonOf(other))!, /another one than is expected/)
  for (const trust of [root, holder].map(({ certificate }) => [certificate.sha256]))
    assert.ok(await open([{ ...good, trust }]).stamp(digest))
  assert.match((await reasonOf({ ...good, policies: ['1.2.3', '1.2.4'] }))!, /another policy/)
  assert.ok(await open([{ ...good, policies: ['1.2.3', POLICY] }]).stamp(digest))
  const late = stamps('late', holder, { info: { time: new Date(now.getTime() + 6 * 60_000) } })
  assert.match((await reasonOf(late))!, /not the time here/)
})

test('the first that stamps counts; one that failed is passed over for a while', async () => {
  let seconds = 0
  const sources = [{ ...plainSource(`${base}/nobody`) }, stamps('good', holder)]
  const { stamp, reasons } = open(sources, { elapsed: () => seconds })
  asked.length = 0
  assert.ok(await stamp(digest))
  assert.ok(await stamp(digest))
  assert.deepEqual(asked, ['nobody', 'good', 'good'])
  seconds = 31
  assert.ok(await stamp(digest))
  assert.deepEqual(asked.slice(3), ['nobody', 'good'])
  assert.equal(reasons.length, 2)
})

test('a source serves its purposes and no others; where there is none nobody is asked', () => {
  const parts = { own: undefined, authorities, now: undefined, log: { warn: () => {} } }
  const source = { ...plainSource(base), purposes: ['conservation' as const] }
  assert.equal(openStamping({ ...parts, sources: [source] }, 'signatures'), undefined)
  assert.ok(openStamping({ ...parts, sources: [source] }, 'conservation'))
  assert.equal(openStamping({ ...parts, sources: [ownSource] }, 'signatures'), undefined)
})

test('a user and a password go along', async () => {
  let seen: string | undefined
  const source = answers('named', (request, response) => {
    seen = request.headers.authorization
    response.writeHead(401).end()
  })
  assert.match((await reasonOf({ ...source, user: 'dependencia', password: 'ñ' }))!, /401/)
  assert.equal(Buffer.from(seen!.split(' ')[1]!, 'base64').toString(), 'dependencia:ñ')
})

test('the table is read, and what is wrong in it is told', async () => {
  const file = join(folder, 'sources.yaml')
  const read = (yaml: string) => {
    writeFileSync(file, yaml)
    return readTimestampSources(file)
  }
  writeFileSync(join(folder, 'word'), 'secreto\n')
  const sources = await read(`
sources:
  - name: conservación
    url: https://psc.example/nom151
    purposes: [conservation]
    policies: [2.16.484.101.10.316.2.3.1.1.1.1]
    trust: [${'A'.repeat(64)}]
    timeoutSeconds: 10
    user: dependencia
    passwordFile: ${join(folder, 'word')}
  - url: own
`)
  assert.deepEqual(sources[0], {
    name: 'conservación',
    url: 'https://psc.example/nom151',
    purposes: ['conservation'],
    policies: ['2.16.484.101.10.316.2.3.1.1.1.1'],
    trust: ['a'.repeat(64)],
    milliseconds: 10_000,
    user: 'dependencia',
    password: 'secreto',
  })
  assert.deepEqual(sources[1], ownSource)
  const wrong: Array<[string, RegExp]> = [
    ['[', /not YAML/],
    ['url: x', /list called sources/],
    ['sources: [{url: ftp://x}]', /source 1: url/],
    ['sources: [{url: own}, {url: http://x, purposes: [all]}]', /source 2: purposes/],
    ['sources: [{url: http://x, policies: [abc]}]', /policies/],
    ['sources: [{url: http://x, trust: anyone}]', /trust/],
    ['sources: [{url: http://x, timeoutSeconds: 0}]', /timeoutSeconds/],
    ['sources: [{url: http://x, passwordFile: /nowhere}]', /passwordFile/],
    ['sources: [{url: http://x, colour: red}]', /unknown field colour/],
  ]
  for (const [yaml, words] of wrong) await assert.rejects(read(yaml), words)
  await assert.rejects(readTimestampSources(join(folder, 'none')), /TSA_SOURCES cannot be read/)
})
