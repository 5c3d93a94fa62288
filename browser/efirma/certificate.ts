import { type Der, readItems, readWhole, SEQUENCE } from './der.ts'
import { Failure } from './failure.ts'
import { ALGORITHM } from './open-key.ts'

export interface OpenedCertificate {
  der: Uint8Array<ArrayBuffer>
  /** Verifies what its key signed. */
  publicKey: CryptoKey
}

const LARGEST = 65_536
const CONTEXT_0 = 0xa0
const OCTET_STRING = 0x04

/**
 * Reads only the public key: whether the certificate is to be believed, the server says.
 * @throws Failure `certificate-unreadable`, `certificate-is-key`
 */
export async function openCertificate(file: Uint8Array): Promise<OpenedCertificate> {
  try {
    if (file.length > LARGEST) throw new RangeError('too large')
    const parts = readItems(readWhole(file, SEQUENCE))
    if (parts.length === 2 && parts[1]!.tag === OCTET_STRING) throw new Failure('certificate-is-key')
    const publicKey = await crypto.subtle.importKey('spki', Uint8Array.from(keyInfo(parts).whole), ALGORITHM, false, [
      'verify',
    ])
    return { der: Uint8Array.from(file), publicKey }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('certificate-unreadable')
  }
}

/** subjectPublicKeyInfo: the seventh field of a version 3 certificate (RFC 5280, 4.1). */
function keyInfo([tbs, , signature]: Der[]): Der {
  if (!tbs || tbs.tag !== SEQUENCE || signature?.tag !== 0x03) throw new RangeError('not a certificate')
  const fields = readItems(tbs)
  const found = fields[fields[0]?.tag === CONTEXT_0 ? 6 : 5]
  if (found?.tag !== SEQUENCE) throw new RangeError('no public key')
  return found
}
