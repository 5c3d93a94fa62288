/**
 * How fast a signed document of 10 KB is verified: the message read strictly, the content hashed, every attribute checked, the signature
 * verified, the certificate's path judged out of what is cached; and with its revocation, out of lists that were read. Beside it, bare
 * `crypto.verify` of RSA-2048 over as many bytes, turn by turn in the same run.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { cadesFacts } from '../src/trust/cades/cades-facts.ts'
import { completeCades, prepareCades } from '../src/trust/cades/make-signature.ts'
import { createCertificateCache } from '../src/trust/certificate/certificate-cache.ts'
import { signWith } from '../src/trust/cms/signature-algorithm.ts'
import { checkPath, createPathCache } from '../src/trust/path/check-path.ts'
import { parseCrl } from '../src/trust/revocation/parse-crl.ts'
import { authority, day, issue, revocationList } from '../test/support/pki.ts'
import type { Result } from './measure.ts'
import { settled } from './trust-memory.ts'

const BYTES = 10_240
const PEOPLE = 64
const TURNS = 60
const TURN_MS = 50
const VERIFICATIONS = 100_000

export async function measureTrustCms(): Promise<Result[]> {
  const { cases, judge } = prepare()
  let next = 0
  const ours = (): void => judge(cases[next++ % PEOPLE]!, 'none')
  const withRevocation = (): void => judge(cases[next++ % PEOPLE]!, 'require')
  const bare = (): void => {
    const { content, publicKey, signature } = cases[next++ % PEOPLE]!
    must(verify('sha256', content, publicKey, signature))
  }
  const [a, b, c] = takeTurns([ours, bare, withRevocation]) as [number, number, number]
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < VERIFICATIONS / 4; i += 1) withRevocation()
  const before = settled(collect)
  for (let i = 0; i < VERIFICATIONS; i += 1) withRevocation()
  const after = settled(collect)
  const resident = `${Math.round(before.resident)} MB resident before, ${Math.round(after.resident)} MB after`
  const each = (rate: number): string => `${Math.round(rate).toLocaleString('en')}/s`
  return [
    {
      what: `CMS verification of 10 KB with cached path, ${each(a)} (with its revocation ${each(c)}), beside bare crypto.verify of RSA-2048, ${each(b)}`,
      value: a / b,
      unit: '×',
      goal: 0.4,
      better: 'more',
    },
    {
      what: `live memory after ${VERIFICATIONS.toLocaleString('en')} CMS verifications, beyond what it was (${resident})`,
      value: after.heap - before.heap,
      unit: 'MB',
      goal: 4,
      better: 'less',
    },
  ]
}

/** Calls a second of each: the median of many short turns, so that what else the machine does meets all. */
function takeTurns(runs: ReadonlyArray<() => void>): number[] {
  const rates = runs.map((): number[] => [])
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const [i, run] of runs.entries()) {
      const rate = rateOf(run)
      // The compiler settles first.
      if (turn >= TURNS / 4) rates[i]!.push(rate)
    }
  return rates.map(median)
}

function rateOf(run: () => void): number {
  const started = performance.now()
  let done = 0
  while (performance.now() - started < TURN_MS) {
    for (let i = 0; i < 16; i += 1) run()
    done += 16
  }
  return (done * 1000) / (performance.now() - started)
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

function must(holds: boolean): void {
  if (!holds) throw new Error('a right signature was refused')
}

function prepare() {
  const at = day('2025-06-02')
  const root = authority({ subject: 'root' })
  const people = authority({ subject: 'people', issuer: root })
  const crls = [root, people].map((issuer) => parseCrl(revocationList({ issuer })))
  const cache = createCertificateCache()
  const path = {
    trustAnchors: [root.certificate],
    intermediates: [people.certificate],
    crls,
    at,
    cache: createPathCache(),
  }
  const cases = Array.from({ length: PEOPLE }, (_, i) => {
    const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { certificate } = issue({ subject: `person ${i}`, issuer: people, key })
    const content = randomBytes(BYTES)
    const digest = createHash('sha256').update(content).digest()
    const prepared = prepareCades({ certificate, digest, signingTime: at })
    const message = completeCades(prepared, signWith(key)(prepared.signedAttributes))
    return { content, message, publicKey, signature: sign('sha256', content, key) }
  })
  const judge = ({ message, content }: (typeof cases)[number], revocation: 'none' | 'require'): void => {
    const { facts } = cadesFacts(message, content, { cache }).signatures[0]!
    must(facts.sound && facts.signer !== undefined)
    must(checkPath({ ...path, certificate: facts.signer!, revocation }).indication === 'PASSED')
  }
  return { cases, judge }
}
