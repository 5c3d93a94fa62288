import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#kernel/clock.ts'
import type { Demo } from '#modules/demo/index.ts'
import {
  issuerFolders,
  loadAuthorities,
  mirrorTrustDir,
  type RevocationSources,
  readRevocationSources,
  trustDemo,
} from '#modules/identity/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Seal } from '#modules/seals/index.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import type { Config } from './config.ts'

/** What is believed: the demo's own authority, what TRUST_DIR brings, what was added before. */
export async function openTrust(config: Config, demo: Demo | undefined) {
  if (demo) await trustDemo(config.dataDir, [demo.root, demo.authority])
  if (config.trustDir)
    await mirrorTrustDir({
      dataDir: config.dataDir,
      packDir: config.packDir,
      trustDir: config.trustDir,
      demo: config.demo,
    })
  return loadAuthorities({ dataDir: config.dataDir, packDir: config.packDir, demo: config.demo })
}

/** Documents that are to last wait for a list that was made after them: in a demo not for long. */
const DEMO_LIST_MILLISECONDS = 60_000

/** Where revocations are asked, issuer by issuer. */
export async function openRevocationSources(
  config: Config,
  demo: Demo | undefined,
  clock: Clock,
): Promise<RevocationSources> {
  const sources = await readRevocationSources(issuerFolders(config))
  if (demo)
    sources.set(parseCertificate(demo.authority).sha256, {
      crl: { read: () => demo.readCrl(clock.now(), DEMO_LIST_MILLISECONDS), refreshSeconds: 0 },
      graceHours: 4,
    })
  return sources
}

/** What offline verification on this machine trusts besides the pack: the seal and the log's key. */
export async function keepTrust(config: Config, seal: Seal, ledger: Ledger): Promise<void> {
  const folder = join(config.dataDir, 'trust')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'seal.cer'), seal.certificate.der)
  await writeFile(join(folder, 'log.pub'), `${ledger.key.verifier}\n`)
}

/** Outside a demo the bank's public key (SPKI, PEM) lies with what is trusted; without it no payment is confirmed. */
export async function readBankKey(config: Config): Promise<KeyObject> {
  const pem = await readFile(join(config.dataDir, 'trust', 'bank.pem'), 'utf8').catch(() => undefined)
  if (pem) return createPublicKey(pem)
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: randomBytes(32).toString('base64url') },
    format: 'jwk',
  })
}
