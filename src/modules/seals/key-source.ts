import { readFile } from 'node:fs/promises'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { Pkcs12Error, readPkcs12 } from '#trust/pkcs12/read-pkcs12.ts'
import { openTokenKey } from './pkcs11/open-token-key.ts'
import type { KeyPlace } from './pkcs11/token.ts'
import { keyFromPkcs8 } from './seal.ts'
import { KeyFault, type SigningKey } from './signing-key.ts'

/** Where a seal's key lives, as an operator writes it. Paths are absolute. */
export type KeySource =
  | { kind: 'pkcs12'; file: string; password: string }
  | {
      kind: 'pkcs11'
      place: KeyPlace
      pin: string
      /** PEM or DER, the key's own first, then those above it; the token's own where absent. */
      certificateFile?: string
    }

/**
 * @param called how the operator named it: `SEAL_P12`, or the file that says so
 * @throws StartRefusal with the one sentence for the operator
 */
export async function openKey(source: KeySource, called: string): Promise<SigningKey> {
  return source.kind === 'pkcs12' ? openFile(source, called) : openToken(source, called)
}

async function openFile({ file, password }: KeySource & { kind: 'pkcs12' }, called: string): Promise<SigningKey> {
  const bytes = await readOr(file, `${called} cannot be read: ${file}`)
  try {
    const { key, certificate, chain } = readPkcs12(bytes, password)
    return keyFromPkcs8(key, certificate, chain)
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error
    throw new StartRefusal(`${called} cannot be opened: ${error.message}.`)
  }
}

async function openToken(source: KeySource & { kind: 'pkcs11' }, called: string): Promise<SigningKey> {
  const { place, pin, certificateFile } = source
  const [certificate, ...chain] = certificateFile ? await readCertificates(certificateFile, called) : []
  try {
    return await openTokenKey({ place, pin, chain, ...(certificate && { certificate }) })
  } catch (error) {
    if (!(error instanceof KeyFault)) throw error
    throw new StartRefusal(`${called}: the key «${place.key}» of «${place.token}» cannot be used: ${error.message}.`)
  }
}

async function readCertificates(file: string, called: string): Promise<Buffer[]> {
  const bytes = await readOr(file, `${called}: the certificate cannot be read: ${file}`)
  const certificates = certificatesIn(bytes)
  if (certificates) return certificates
  throw new StartRefusal(`${called}: ${file} holds no certificate, or something that is none.`)
}

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/** One in DER, or any number in PEM. Undefined where one of them is none. */
export function certificatesIn(bytes: Buffer): Buffer[] | undefined {
  const blocks = [...bytes.toString('latin1').matchAll(PEM)].map(([, base64]) => Buffer.from(base64!, 'base64'))
  const certificates = blocks.length > 0 ? blocks : [bytes]
  try {
    for (const each of certificates) parseCertificate(each)
    return certificates
  } catch {
    return undefined
  }
}

async function readOr(file: string, refusal: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new StartRefusal(refusal)
  })
}
