import { createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { Refusal } from '#kernel/refusal.ts'
import type { ClientSignInCode, SignInCode } from '#modules/identity/index.ts'
import { readNamedFile, readPassword } from '../read-options.ts'

/** An e.firma opened on the person's own machine; the key never leaves this process. */
export interface OpenedEfirma {
  certificate: Buffer
  sign(bytes: Uint8Array): Buffer
}

export interface EfirmaFiles {
  cer: string
  key: string
  passwordFile: string
}

const LARGEST_KEY_FILE = 64 * 1024

/**
 * @throws UsageRefusal for a file that is not there
 * @throws Refusal `certificate-unreadable`, `wrong-password-or-key` (the two look the same from outside), `key-mismatch`
 */
export async function openEfirma(files: EfirmaFiles): Promise<OpenedEfirma> {
  const { certificate, key } = await openEfirmaKey(files)
  return { certificate, sign: (bytes) => sign('sha256', bytes, key) }
}

/** The same, for whoever signs in other ways. @throws as `openEfirma` */
export async function openEfirmaKey(files: EfirmaFiles): Promise<{ certificate: Buffer; key: KeyObject }> {
  const certificate = await readNamedFile(files.cer)
  const password = await readPassword(files.passwordFile)
  const publicKey = readPublicKey(certificate)
  const key = readKey(await readNamedFile(files.key), password)
  const pair = createPublicKey(key).export({ type: 'spki', format: 'der' })
  if (!pair.equals(publicKey.export({ type: 'spki', format: 'der' })))
    throw new Refusal<ClientSignInCode>('key-mismatch')
  return { certificate, key }
}

function readPublicKey(certificate: Buffer): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey
  } catch {
    throw new Refusal<SignInCode>('certificate-unreadable')
  }
}

function readKey(file: Buffer, password: string): KeyObject {
  try {
    if (file.length > LARGEST_KEY_FILE) throw new RangeError('too large')
    return createPrivateKey({ key: file, format: 'der', type: 'pkcs8', passphrase: password })
  } catch {
    throw new Refusal<ClientSignInCode>('wrong-password-or-key')
  }
}
