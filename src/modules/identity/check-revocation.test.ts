import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { readDer } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { buildOcspRequest } from '#trust/revocation/build-ocsp-request.ts'
import { type Issuer, issueCertificate, issueRevocationList } from '../demo/issue-certificate.ts'
import { openRevocationCheck } from './check-revocation.ts'
import type { AnswerStore, RevocationAnswer } from './revocation-answers.ts'
import { readRevocationSources } from './revocation-sources.ts'

const NOW = new Date('2026-11-24T15:00:00Z')
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const folder = mkdtempSync(join(tmpdir(), 'revocation-'))
const span = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') }

interface Answering {
  status: number
  body: Buffer
  headers: Record<string, string>
}
let server: Server
let base: string
let requests = 0
let answer: (request: Buffer) => Partial<Answering>

let issuer: Issuer
let issuerCertificate: Certificate
let person: Certificate
let responder: { certificate: Certificate; key: KeyObject }

before(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      requests += 1
      const { status = 200, body = Buffer.alloc(0), headers = {} } = answer(Buffer.concat(parts))
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [authority, own, other] = [keys(), keys(), keys()]
  issuer = { name: [['commonName', 'AUTORIDAD']], key: authority.privateKey }
  const issue = (publicKey: KeyObject, serial: string, name: string, profile: 'authority' | 'efirma') =>
    parseCertificate(issueCertificate({ issuer, subject: [['commonName', name]], publicKey, serial, profile, ...span }))
  issuerCertificate = issue(authority.publicKey, '00000000000000000001', 'AUTORIDAD', 'authority')
  person = issue(own.publicKey, '00000000000000000002', 'PERSONA', 'efirma')
  responder = {
    certificate: issue(other.publicKey, '00000000000000000003', 'RESPONDEDOR', 'efirma'),
    key: other.privateKey,
  }
})
after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

function memoryAnswers(): AnswerStore & { kept: RevocationAnswer[] } {
  const kept: RevocationAnswer[] = []
  return {
    kept,
    keep: async (each) => void kept.push(each),
    latest: async ({ kind, serial }) => kept.filter((each) => each.kind === kind && each.serial === serial).at(-1),
  }
}

let files = 0
async function open(yaml: string, answers = memoryAnswers()) {
  files += 1
  const own = join(folder, String(files))
  mkdirSync(own)
  writeFileSync(join(own, 'issuer.yaml'), `issuer: ${issuerCertificate.sha256}\n${yaml}`)
  const sources = await readRevocationSources([own])
  const check = openRevocationCheck({
    sources,
    demo: false,
    answers,
    onSilence: () => {},
    responder: (sha256) => (sha256 === responder.certificate.sha256 ? responder.certificate : undefined),
  })
  return (at: Date) => check(person, issuerCertificate, at)
}

interface Said {
  status: 'good' | 'revoked' | 'unknown'
  at: Date
  by?: { certificate: Certificate; key: KeyObject }
  /** Instead of the one asked with; null: none. */
  nonce?: Buffer | null
}

/** An OCSP response as RFC 6960 (4.2.1) writes it, good for one minute. */
function respond(request: Buffer, { status, at, by, nonce }: Said): Buffer {
  const whole = readDer(request).explicit()
  const [list, extensions] = whole.children()
  const certId = list!.explicit().explicit()
  const asked = extensions!.explicit().explicit().children()[1]!.octets()
  const key = by?.key ?? issuer.key
  const keyHash = createHash('sha1')
    .update((by?.certificate ?? issuerCertificate).keyBits)
    .digest()
  const states = {
    good: der.contextPrimitive(0, Buffer.alloc(0)),
    revoked: der.context(1, der.generalizedTime(at)),
    unknown: der.contextPrimitive(2, Buffer.alloc(0)),
  }
  const single = der.sequence(
    certId.bytes,
    states[status],
    der.generalizedTime(at),
    der.context(0, der.generalizedTime(new Date(at.getTime() + 60_000))),
  )
  const answered = der.sequence(der.oid(OID.ocspNonce), der.octets(nonce ?? asked))
  const data = der.sequence(
    der.context(2, der.octets(keyHash)),
    der.generalizedTime(at),
    der.sequence(single),
    ...(nonce === null ? [] : [der.context(1, der.sequence(answered))]),
  )
  const algorithm = der.sequence(der.oid(OID.sha256WithRsa), der.nothing())
  const basic = der.sequence(data, algorithm, der.bits(sign('sha256', data, key)))
  const bytes = der.sequence(der.oid(OID.ocspBasic), der.octets(basic))
  return der.sequence(der.enumerated(0), der.context(0, bytes))
}

const ocspYaml = () => `ocsp: { url: "${base}/ocsp", freshSeconds: 60 }\ngraceHours: 4\n`
const says = (said: Said) => {
  answer = (request) => ({ body: respond(request, said) })
}
const isSilent = () => {
  answer = () => ({ status: 503 })
}

test('a good answer lets in, is kept as it came, and is asked for again after a minute', async () => {
  const answers = memoryAnswers()
  const check = await open(ocspYaml(), answers)
  says({ status: 'good', at: NOW })
  requests = 0
  const finding = await check(NOW)
  assert.deepEqual(finding.warnings, [])
  assert.equal(finding.evidence?.kind, 'ocsp')
  assert.deepEqual(answers.kept[0]?.answer, finding.evidence?.answer)
  await check(later(59))
  assert.equal(requests, 1)
  says({ status: 'good', at: later(61) })
  await check(later(61))
  assert.equal(requests, 2)
})

test('revoked is refused, and stays refused when the responder falls silent for days', async () => {
  const check = await open(ocspYaml())
  says({ status: 'revoked', at: NOW })
  await assert.rejects(() => check(NOW), { code: 'revoked' })
  isSilent()
  await assert.rejects(() => check(later(3 * 86_400)), { code: 'revoked' })
})

test('a silent responder: the last good answer counts for four hours, also after a restart, and no longer', async () => {
  const answers = memoryAnswers()
  const check = await open(ocspYaml(), answers)
  says({ status: 'good', at: NOW })
  await check(NOW)
  isSilent()
  assert.deepEqual((await check(later(3 * 3600))).warnings, ['revocation-grace'])
  const restarted = await open(ocspYaml(), answers)
  assert.deepEqual((await restarted(later(4 * 3600))).warnings, ['revocation-grace'])
  await assert.rejects(() => check(later(4 * 3600 + 10)), { code: 'revocation-unknown' })
  await assert.rejects(async () => (await open(ocspYaml()))(NOW), { code: 'revocation-unknown' })
})

test('an answer that cannot be believed is as none', async () => {
  const stranger = { certificate: responder.certificate, key: responder.key }
  const wrong: Said[] = [
    { status: 'good', at: NOW, by: stranger },
    { status: 'good', at: later(-3600) },
    { status: 'good', at: later(3600) },
    { status: 'good', at: NOW, nonce: Buffer.alloc(16) },
    { status: 'unknown', at: NOW },
  ]
  for (const said of wrong) {
    says(said)
    await assert.rejects(async () => (await open(ocspYaml()))(NOW), { code: 'revocation-unknown' })
  }
  answer = () => ({ body: Buffer.from('good') })
  await assert.rejects(async () => (await open(ocspYaml()))(NOW), { code: 'revocation-unknown' })
  answer = () => ({ body: Buffer.alloc(100 * 1024) })
  await assert.rejects(async () => (await open(ocspYaml()))(NOW), { code: 'revocation-unknown' })
})

test('a responder of its own is believed where it is configured by fingerprint', async () => {
  const yaml = `ocsp: { url: "${base}/ocsp", responder: ${responder.certificate.sha256} }\n`
  says({ status: 'good', at: NOW, by: responder })
  assert.equal((await (await open(yaml))(NOW)).evidence?.kind, 'ocsp')
})

test('an answer without a nonce counts by its times, unless the source is known to give one', async () => {
  says({ status: 'good', at: NOW, nonce: null })
  assert.equal((await (await open(ocspYaml()))(NOW)).evidence?.kind, 'ocsp')
  const strict = `ocsp: { url: "${base}/ocsp", requireNonce: true }\n`
  await assert.rejects(async () => (await open(strict))(NOW), { code: 'revocation-unknown' })
  says({ status: 'good', at: NOW })
  assert.equal((await (await open(strict))(NOW)).evidence?.kind, 'ocsp')
  await assert.rejects(() => open('ocsp: { url: "https://x.example", requireNonce: 1 }\n'), /requireNonce/)
})

test('no redirect is followed', async () => {
  answer = (request) =>
    requests % 2 === 1
      ? { status: 302, headers: { location: `${base}/other` } }
      : { body: respond(request, { status: 'good', at: NOW }) }
  requests = 0
  await assert.rejects(async () => (await open(ocspYaml()))(NOW), { code: 'revocation-unknown' })
  assert.equal(requests, 1)
})

const list = (number: number, revoked: string[] = []) =>
  issueRevocationList({
    issuer,
    number,
    thisUpdate: NOW,
    nextUpdate: later(86_400),
    revoked: revoked.map((serial) => ({ serial, at: NOW })),
  })

test('a list is read once for many, and an older one never takes its place', async () => {
  const check = await open(`crl: { url: "${base}/list.crl", refreshSeconds: 60 }\n`)
  answer = () => ({ body: list(2, ['00000000000000000002']) })
  requests = 0
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => check(NOW)))
  assert.deepEqual(
    outcomes.map((each) => each.status === 'rejected' && each.reason.code),
    ['revoked', 'revoked', 'revoked'],
  )
  assert.equal(requests, 1)
  answer = () => ({ body: list(1) })
  await assert.rejects(() => check(later(61)), { code: 'revoked' })
  assert.equal(requests, 2)
  answer = () => ({ body: list(3) })
  assert.equal((await check(later(200))).evidence?.kind, 'crl')
})

test('a list signed by another is as none', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const forged = { name: issuer.name, key: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
  answer = () => ({
    body: issueRevocationList({ issuer: forged, number: 9, thisUpdate: NOW, nextUpdate: later(86_400), revoked: [] }),
  })
  const check = await open(`crl: { url: "${base}/list.crl" }\n`)
  await assert.rejects(() => check(NOW), { code: 'revocation-unknown' })
})

test('where OCSP is silent the list decides', async () => {
  const check = await open(`ocsp: { url: "${base}/ocsp" }\ncrl: { url: "${base}/list.crl" }\n`)
  answer = (request) => (request.length > 0 ? { status: 500 } : { body: list(5) })
  const finding = await check(NOW)
  assert.deepEqual([finding.evidence?.kind, finding.warnings], ['crl', []])
})

test('a source that is written wrong stops the start, with file and reason', async () => {
  const wrong: Array<[string, RegExp]> = [
    ['graceHours: 4\n', /needs crl or ocsp/],
    ['crl: { url: "file:///etc/passwd" }\n', /crl needs url/],
    ['ocsp: { url: "https://x.example", responder: abc }\n', /responder/],
    ['oscp: { url: "https://x.example" }\n', /unknown field oscp/],
    ['crl: { url: "https://x.example" }\ngraceHours: -1\n', /graceHours/],
  ]
  for (const [yaml, reason] of wrong) await assert.rejects(() => open(yaml), reason)
})

test('OpenSSL reads our request', (t) => {
  const file = join(folder, 'request.der')
  writeFileSync(file, buildOcspRequest(person, issuerCertificate, Buffer.alloc(16, 7)))
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
  } catch {
    return t.skip('there is no openssl here')
  }
  const text = execFileSync('openssl', ['ocsp', '-reqin', file, '-req_text', '-noverify'], { stdio: 'pipe' }).toString()
  assert.match(text, /Serial Number: 3030303030303030303030303030303030303032/)
  assert.match(text, /OCSP Nonce/)
})
