/**
 * What judging certificates costs, beside what Node's own parts cost in the same run: parsing beside `X509Certificate`; a whole path of root,
 * authority and person with keys of RSA-4096 above, parsed and judged from bytes with nothing kept from before, beside the two bare
 * verifications it needs (keys made beforehand); a revocation list of 20 MB, read in its thread, and one answer from it.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify, X509Certificate } from 'node:crypto'
import { type Issuer, issueCertificate } from '../src/modules/demo/issue-certificate.ts'
import { signersOf } from '../src/modules/identity/asking.ts'
import { readList } from '../src/modules/identity/list-thread.ts'
import { parseCertificate } from '../src/trust/certificate/parse-certificate.ts'
import { checkPath } from '../src/trust/path/check-path.ts'
import { checkCrls } from '../src/trust/revocation/check-crls.ts'
import { longList } from '../test/support/long-list.ts'
import { authority, issue } from '../test/support/pki.ts'
import { type Result, seconds } from './measure.ts'

const AT = new Date('2026-11-24T15:00:00Z')
const SPAN = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') }
const SLICES = 250
const LIST_BYTES = 20 * 1024 * 1024
const BATCH = 50

export async function measureTrustCertificates(): Promise<Result[]> {
  const chain = prepare()
  return [...measureParsing(chain), ...measurePath(chain), ...(await measureList())]
}

interface Chain {
  root: Buffer
  authority: Buffer
  person: Buffer
}

function prepare(): Chain {
  const keys = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
  const [top, middle, own] = [keys(4096), keys(4096), keys(2048)]
  const root: Issuer = { name: [['commonName', 'RAIZ']], key: top.privateKey }
  const issuer: Issuer = { name: [['commonName', 'AUTORIDAD']], key: middle.privateKey }
  const issue = (
    by: Issuer,
    name: string,
    publicKey: KeyObject,
    serial: string,
    profile: 'root' | 'authority' | 'efirma',
  ) => issueCertificate({ issuer: by, subject: [['commonName', name]], publicKey, serial, profile, ...SPAN })
  return {
    root: issue(root, 'RAIZ', top.publicKey, '00000000000000000001', 'root'),
    authority: issue(root, 'AUTORIDAD', middle.publicKey, '00000000000000000002', 'authority'),
    person: issue(issuer, 'PERSONA', own.publicKey, '00000000000000000003', 'efirma'),
  }
}

function measureParsing({ person }: Chain): Result[] {
  const share = compare(
    () => parseCertificate(person),
    () => new X509Certificate(person),
  )
  return [{ what: 'parsing a certificate, of the native X509Certificate', ...share, goal: 0.25 }]
}

function measurePath({ root, authority, person }: Chain): Result[] {
  const [top, middle, end] = [root, authority, person].map(parseCertificate)
  const keys = [top!.publicKey, middle!.publicKey]
  const path = () => {
    const report = checkPath({
      certificate: person,
      trustAnchors: [root],
      intermediates: [authority],
      at: AT,
      revocation: 'none',
    })
    if (report.indication !== 'PASSED') throw new Error(report.reason)
  }
  const bare = (keyOf: (i: number) => KeyObject) => () => {
    for (const [i, each] of [middle!, end!].entries())
      if (!verify('sha256', each.tbs, keyOf(i), each.signature)) throw new Error('a right signature was refused')
  }
  const spkis = [top!, middle!].map(({ spki }) => spki)
  const fromBytes = (i: number) => createPublicKey({ key: spkis[i]!, format: 'der', type: 'spki' })
  const what = 'a whole path under RSA-4096, nothing kept, of its two bare verifications'
  return [
    { what: `${what}, their keys from bytes too`, ...compare(path, bare(fromBytes)), goal: 0.5 },
    {
      what: `${what}, their keys made before`,
      ...compare(
        path,
        bare((i) => keys[i]!),
      ),
      goal: 0.5,
    },
  ]
}

async function measureList(): Promise<Result[]> {
  const issuer = authority({ subject: 'issuer' })
  const { certificate } = issue({ subject: 'end', issuer, serial: randomBytes(19) })
  const list = longList(LIST_BYTES, { issuer, thisUpdate: AT, nextUpdate: SPAN.notAfter })
  const loading = seconds()
  const crl = await readList(list, issuer.certificate)
  const loaded = loading()
  const signers = signersOf(issuer.certificate, () => 'valid')
  const judge = () => {
    if (checkCrls(certificate, [crl], { at: AT }, signers).status !== 'good') throw new Error('a good one was refused')
  }
  return [
    { what: 'a revocation list of 20 MB, read in its thread', value: loaded, unit: 's', goal: 3, better: 'less' },
    { what: 'one status from that list', value: 1e6 * fastest(judge), unit: 'µs', goal: 50, better: 'less' },
  ]
}

/** Ours as a share of theirs: the fastest slice of each, taken in turns, so that whoever else uses the machine counts for neither. */
function compare(ours: () => unknown, theirs: () => unknown): Pick<Result, 'value' | 'unit' | 'better'> {
  let [our, their] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let i = 0; i < SLICES; i++) {
    our = Math.min(our, slice(ours))
    their = Math.min(their, slice(theirs))
  }
  return { value: their / our, unit: '×', better: 'more' }
}

/** Seconds. */
function slice(work: () => unknown): number {
  const spent = seconds()
  for (let i = 0; i < BATCH; i++) work()
  return spent() / BATCH
}

function fastest(work: () => unknown): number {
  return Math.min(...Array.from({ length: SLICES }, () => slice(work)))
}
