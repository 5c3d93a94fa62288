import { generateKeyPair } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Issuer } from './issue-certificate.ts'
import { issueCertificate } from './issue-certificate.ts'
import { writeWhole } from './write-whole.ts'

/** The platform's seal and the bank's key of a demo, both made once. */
export interface DemoKeys {
  /** PKCS#8, DER; P-256. */
  sealKey: Buffer
  sealCertificate: Buffer
  /** PKCS#8, DER; Ed25519: signs the demo bank's messages. */
  bankKey: Buffer
}

const generate = promisify(generateKeyPair)
const YEARS_15 = 15 * 365.25 * 86_400_000

export async function openDemoKeys(folder: string, issuer: Issuer, name: string, now: Date): Promise<DemoKeys> {
  const files = ['seal.key', 'seal.cer', 'bank.key'].map((file) => join(folder, file)) as [string, string, string]
  const kept = await Promise.all(files.map((file) => readFile(file).catch(() => undefined)))
  if (kept.every((file) => file !== undefined))
    return { sealKey: kept[0]!, sealCertificate: kept[1]!, bankKey: kept[2]! }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const seal = await generate('ec', { namedCurve: 'P-256' })
  const bank = await generate('ed25519')
  const certificate = issueCertificate({
    issuer,
    subject: [
      ['commonName', name],
      ['organizationName', name],
      ['organizationalUnitName', 'Sello de la plataforma'],
    ],
    publicKey: seal.publicKey,
    serial: '30000000000000000009',
    notBefore: new Date(now.getTime() - YEARS_15 / 5),
    notAfter: new Date(now.getTime() + YEARS_15),
    profile: 'seal',
  })
  const keys = {
    sealKey: seal.privateKey.export({ type: 'pkcs8', format: 'der' }),
    sealCertificate: certificate,
    bankKey: bank.privateKey.export({ type: 'pkcs8', format: 'der' }),
  }
  await writeWhole(files[0], keys.sealKey, 0o600)
  await writeWhole(files[1], keys.sealCertificate)
  await writeWhole(files[2], keys.bankKey, 0o600)
  return keys
}
