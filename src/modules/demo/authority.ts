import { createPrivateKey } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cast } from './cast.ts'
import { type Issuer, issueCertificate, type NameParts } from './issue-certificate.ts'
import { makeKeyPair } from './keys.ts'
import { writeWhole } from './write-whole.ts'

/** The demo's own certification authority, on disk in `<demo>/ca`: a root, whose key is forgotten, and the one it certifies. */
export interface DemoAuthority {
  root: Buffer
  certificate: Buffer
  issuer: Issuer
}

const YEAR = 365.25 * 86_400_000
/** Long on both sides of the demo's clock: certificates of the past are shown, and the clock moves forward. */
const YEARS_BEFORE = 8
const YEARS_AFTER = 20

export async function makeAuthority(folder: string, cast: Cast, now: Date): Promise<DemoAuthority> {
  const [rootKeys, keys] = await Promise.all([makeKeyPair(4096), makeKeyPair(4096)])
  const notBefore = new Date(now.getTime() - YEARS_BEFORE * YEAR)
  const notAfter = new Date(now.getTime() + YEARS_AFTER * YEAR)
  const root: Issuer = { name: nameOf(cast, 'root'), key: rootKeys.privateKey }
  const issuer: Issuer = { name: nameOf(cast, 'issuer'), key: keys.privateKey }
  const common = { issuer: root, notBefore, notAfter }
  const rootCertificate = issueCertificate({
    ...common,
    subject: root.name,
    publicKey: rootKeys.publicKey,
    serial: '00000000000000000001',
    profile: 'root',
  })
  const certificate = issueCertificate({
    ...common,
    subject: issuer.name,
    publicKey: keys.publicKey,
    serial: '00000000000000000002',
    profile: 'authority',
  })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeWhole(join(folder, 'root.cer'), rootCertificate)
  await writeWhole(join(folder, 'authority.cer'), certificate)
  await writeWhole(join(folder, 'authority.key'), keys.privateKey.export({ type: 'pkcs8', format: 'der' }), 0o600)
  return { root: rootCertificate, certificate, issuer }
}

export async function readAuthority(folder: string, cast: Cast): Promise<DemoAuthority> {
  const [root, certificate, key] = await Promise.all(
    ['root.cer', 'authority.cer', 'authority.key'].map((name) => readFile(join(folder, name))),
  )
  if (!root || !certificate || !key) throw new Error(`the demo authority in ${folder} is incomplete`)
  return {
    root,
    certificate,
    issuer: { name: nameOf(cast, 'issuer'), key: createPrivateKey({ key, type: 'pkcs8', format: 'der' }) },
  }
}

function nameOf({ authority, country }: Cast, which: 'root' | 'issuer'): NameParts {
  const { name, organization } = authority[which]
  return [
    ['commonName', name],
    ['organizationName', organization],
    ['countryName', country],
  ]
}
