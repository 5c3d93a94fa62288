/**
 * How many sign-ins a core verifies in a second: distinct certificates and keys, each parsed from its bytes, its path to the
 * anchor validated, its usages read, the challenge's signature verified and its revocation looked up in a list; authorities and list are
 * held. No HTTP, no database. Beside it, bare `crypto.verify` of RSA-2048 over the same signatures.
 */
import { createPublicKey, generateKeyPair, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import {
  type Issuer,
  issueCertificate,
  issueRevocationList,
  type NameParts,
} from '../src/modules/demo/issue-certificate.ts'
import type { Authority } from '../src/modules/identity/authorities.ts'
import { openRevocationCheck } from '../src/modules/identity/check-revocation.ts'
import { identifyCertificate } from '../src/modules/identity/judge-certificate.ts'
import { parseCertificate } from '../src/trust/certificate/parse-certificate.ts'
import { buildChallenge, verifyChallengeSignature } from '../src/trust/efirma/challenge.ts'
import { createPathCache } from '../src/trust/path/check-path.ts'
import type { Result } from './measure.ts'

const AT = new Date('2026-11-24T15:00:00Z')
const PEOPLE = 256
const SECONDS = 4

interface Case {
  der: Buffer
  text: string
  signature: Buffer
}

export async function measureSignIns(people = PEOPLE, seconds = SECONDS): Promise<Result[]> {
  const { authorities, list, cases } = await prepare(people)
  const issuer = authorities[1]!.certificate
  const source = { crl: { read: async () => list, refreshSeconds: 3600 }, graceHours: 4 }
  const check = openRevocationCheck({
    sources: new Map([[issuer.sha256, source]]),
    answers: { keep: async () => {}, latest: async () => undefined },
    responder: () => undefined,
    onSilence: () => {},
    demo: false,
  })
  const cache = createPathCache()
  const signIn = async ({ der, text, signature }: Case): Promise<void> => {
    const { certificate, issuers } = identifyCertificate(authorities, der, AT, cache)
    if (!verifyChallengeSignature(text, certificate, signature)) throw new Error('a right signature was refused')
    await check(certificate, issuers[0]!, AT)
  }
  const spkis = cases.map(({ der }) => parseCertificate(der).spki)
  const keys = spkis.map((key) => createPublicKey({ key, format: 'der', type: 'spki' }))
  const texts = cases.map(({ text }) => Buffer.from(text))
  await rate(cases, signIn, seconds / 2)
  const signIns = await rate(cases, signIn, seconds)
  const imported = await rate(
    cases,
    ({ signature }, i) => {
      verify('sha256', texts[i]!, { key: spkis[i]!, format: 'der', type: 'spki' }, signature)
    },
    seconds,
  )
  const ready = await rate(
    cases,
    ({ signature }, i) => {
      verify('sha256', texts[i]!, keys[i]!, signature)
    },
    seconds,
  )
  return [
    {
      what: `sign-ins on one core, ${Math.round(signIns)}/s over distinct certificates, beside bare crypto.verify of RSA-2048, ${Math.round(imported)}/s (${Math.round(ready)}/s with keys made before)`,
      value: signIns / imported,
      unit: '×',
      goal: 0.3,
      better: 'more',
    },
  ]
}

async function rate(cases: readonly Case[], run: (each: Case, index: number) => void | Promise<void>, seconds: number) {
  const started = performance.now()
  let done = 0
  while (performance.now() - started < seconds * 1000) {
    for (let i = 0; i < cases.length; i += 1) await run(cases[i]!, i)
    done += cases.length
  }
  return (done * 1000) / (performance.now() - started)
}

async function prepare(people: number): Promise<{ authorities: Authority[]; list: Buffer; cases: Case[] }> {
  const generate = promisify(generateKeyPair)
  const [rootKeys, keys] = await Promise.all([4096, 4096].map((modulusLength) => generate('rsa', { modulusLength })))
  const root: Issuer = { name: [['commonName', 'ROOT']], key: rootKeys!.privateKey }
  const issuer: Issuer = { name: [['commonName', 'ISSUER']], key: keys!.privateKey }
  const span = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') }
  const authority = (
    by: Issuer,
    subject: NameParts,
    publicKey: Issuer['key'],
    profile: 'root' | 'authority',
  ): Authority => {
    const serial = profile === 'root' ? '00000000000000000001' : '00000000000000000002'
    const certificate = parseCertificate(issueCertificate({ issuer: by, subject, publicKey, serial, profile, ...span }))
    return { certificate, sha256: certificate.sha256, name: profile, anchor: profile === 'root', source: 'given' }
  }
  const authorities = [
    authority(root, root.name, rootKeys!.publicKey, 'root'),
    authority(root, issuer.name, keys!.publicKey, 'authority'),
  ]
  const revoked = Array.from({ length: 10_000 }, (_, i) => ({
    serial: String(i).padStart(20, '3'),
    at: span.notBefore,
  }))
  const list = issueRevocationList({ issuer, number: 1, thisUpdate: AT, nextUpdate: span.notAfter, revoked })
  const text = (i: number) =>
    buildChallenge({
      origin: 'https://shop.example',
      account: '',
      nonce: Buffer.alloc(32, i),
      issued: AT,
      expires: new Date(AT.getTime() + 120_000),
    })
  const cases = Array.from({ length: people }, async (_, i) => {
    const own = await generate('rsa', { modulusLength: 2048 })
    const serial = `9999${String(i).padStart(16, '0')}`
    const subject: NameParts = [
      ['commonName', `PERSONA ${i}`],
      ['name', `PERSONA ${i}`],
      ['organizationName', `PERSONA ${i}`],
      ['countryName', 'MX'],
      ['emailAddress', `p${i}@persona.example`],
      ['x500UniqueIdentifier', 'CACX7605101P8'],
      ['serialNumber', 'CACX760510MGTSHC04'],
    ]
    const der = issueCertificate({ issuer, subject, publicKey: own.publicKey, serial, profile: 'efirma', ...span })
    return { der, text: text(i), signature: sign('sha256', Buffer.from(text(i)), own.privateKey) }
  })
  return { authorities, list, cases: await Promise.all(cases) }
}
