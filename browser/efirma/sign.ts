import { openCertificate } from './certificate.ts'
import { Failure } from './failure.ts'
import { ALGORITHM, openKey } from './open-key.ts'

/** The e.firma, opened on this device; its key stays inside the browser and cannot be taken out. */
export interface OpenedEfirma {
  certificate: Uint8Array<ArrayBuffer>
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

export interface EfirmaFiles {
  certificate: Uint8Array
  key: Uint8Array
  password: string
}

/** @throws Failure, also `key-mismatch` where the key is another certificate's */
export async function openEfirma({ certificate, key, password }: EfirmaFiles): Promise<OpenedEfirma> {
  if (!globalThis.crypto?.subtle) throw new Failure('no-webcrypto')
  const { der, publicKey } = await openCertificate(certificate)
  const privateKey = await openKey(key, password)
  await checkPair(publicKey, privateKey)
  return {
    certificate: der,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, bytes)),
  }
}

async function checkPair(publicKey: CryptoKey, privateKey: CryptoKey): Promise<void> {
  const probe = crypto.getRandomValues(new Uint8Array(32))
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, probe)
  if (!(await crypto.subtle.verify(ALGORITHM, publicKey, signature, probe))) throw new Failure('key-mismatch')
}

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
