import { generateKeyPair } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Issuer, issueCertificate } from './issue-certificate.ts'
import { writeWhole } from './write-whole.ts'

/** The demo's authority of time: a P-256 key and its certificate, made once. */
export interface DemoTimeKey {
  /** PKCS#8, DER. */
  key: Buffer
  certificate: Buffer
}

const generate = promisify(generateKeyPair)
const YEARS_15 = 15 * 365.25 * 86_400_000

/** @param name of the platform, as its seal has it */
export async function openDemoTime(folder: string, issuer: Issuer, name: string, now: Date): Promise<DemoTimeKey> {
  const files = ['time.key', 'time.cer'].map((file) => join(folder, file)) as [string, string]
  const [keptKey, keptCertificate] = await Promise.all(files.map((file) => readFile(file).catch(() => undefined)))
  if (keptKey && keptCertificate) return { key: keptKey, certificate: keptCertificate }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pair = await generate('ec', { namedCurve: 'P-256' })
  const certificate = issueCertificate({
    issuer,
    subject: [
      ['commonName', `Autoridad de sellado de tiempo, ${name}`.slice(0, 64)],
      ['organizationName', name],
    ],
    publicKey: pair.publicKey,
    serial: '30000000000000000010',
    notBefore: new Date(now.getTime() - YEARS_15 / 5),
    notAfter: new Date(now.getTime() + YEARS_15),
    profile: 'time',
  })
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  await writeWhole(files[0], key, 0o600)
  await writeWhole(files[1], certificate)
  return { key, certificate }
}
