import { createDecipheriv } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, TAG } from '#trust/der/read.ts'
import { bmpPasswords, deriveKey, PURPOSE, pbkdf2, type Secret } from './derive-key.ts'
import { Pkcs12Error } from './errors.ts'
import { decryptRc2 } from './rc2.ts'

interface Cipher {
  /** In OpenSSL’s words; `rc2` is ours. */
  name: string
  key: number
  iv: number
}

/** PBES2 (RFC 8018, B.2). */
const CIPHERS: Record<string, Cipher> = {
  [OID.aes128Cbc]: { name: 'aes-128-cbc', key: 16, iv: 16 },
  [OID.aes192Cbc]: { name: 'aes-192-cbc', key: 24, iv: 16 },
  [OID.aes256Cbc]: { name: 'aes-256-cbc', key: 32, iv: 16 },
  [OID.desEde3Cbc]: { name: 'des-ede3-cbc', key: 24, iv: 8 },
}

/** pbeWithSHAAnd… (RFC 7292, appendix C): what Windows and older programs write. Those with RC4 nobody writes any more. */
const OLD_CIPHERS: Record<string, Cipher> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', key: 24, iv: 8 },
  '1.2.840.113549.1.12.1.4': { name: 'des-ede-cbc', key: 16, iv: 8 },
  '1.2.840.113549.1.12.1.5': { name: 'rc2', key: 16, iv: 8 },
  '1.2.840.113549.1.12.1.6': { name: 'rc2', key: 5, iv: 8 },
}

/**
 * What is encrypted under the password, taken as right only where it is padded well and reads as DER from its first byte to its last: an other
 * password gives noise.
 * @throws Pkcs12Error `wrong-password`, `unsupported`, `too-costly`, `broken`; DerError for parameters that are none
 */
export function decrypt(algorithm: DerValue, data: Buffer, secret: Secret): Buffer {
  const fields = algorithm.sequence()
  const oid = fields.next(TAG.oid).oid()
  const params = fields.next(TAG.sequence)
  fields.done()
  const cipher = OLD_CIPHERS[oid]
  if (oid !== OID.pbes2 && !cipher)
    throw new Pkcs12Error('unsupported', 'it is encrypted in a way that is not read here')
  const candidates = cipher ? decryptOld(cipher, params, data, secret) : [decryptNew(params, data, secret)]
  const plain = candidates.find((each) => each && looksWhole(each))
  if (!plain) throw new Pkcs12Error('wrong-password', 'the password does not open it')
  secret.opened = true
  return plain
}

/** A constructed SEQUENCE as long as what there is. */
function looksWhole(plain: Buffer): boolean {
  if (plain.length < 4 || plain[0] !== TAG.sequence) return false
  const first = plain[1]!
  if (first < 0x80) return plain.length === first + 2
  const count = first & 0x7f
  return count >= 1 && count <= 4 && plain.length === 2 + count + plain.readUIntBE(2, Math.min(count, plain.length - 2))
}

function decryptNew(params: DerValue, data: Buffer, secret: Secret): Buffer | undefined {
  const parts = params.inside()
  const derivation = parts.next(TAG.sequence)
  const scheme = parts.next(TAG.sequence).inside()
  parts.done()
  const cipher = CIPHERS[scheme.next(TAG.oid).oid()]
  if (!cipher) throw new Pkcs12Error('unsupported', 'it is encrypted with a cipher that is not read here')
  const iv = scheme.next(TAG.octetString).octets()
  scheme.done()
  if (iv.length !== cipher.iv) throw new Pkcs12Error('broken', 'the beginning of its cipher is of another length')
  return decipher(cipher, pbkdf2(derivation, secret, cipher.key), iv, data)
}

function decryptOld(cipher: Cipher, params: DerValue, data: Buffer, secret: Secret): Array<Buffer | undefined> {
  const parts = params.inside()
  const salt = parts.next(TAG.octetString).octets()
  const iterations = parts.next(TAG.integer).smallInteger()
  parts.done()
  return bmpPasswords(secret.password).map((password) => {
    secret.budget.spend(iterations, 12)
    const derivation = { hash: SHA1, salt, iterations }
    const key = deriveKey(derivation, password, PURPOSE.key, cipher.key)
    return decipher(cipher, key, deriveKey(derivation, password, PURPOSE.iv, cipher.iv), data)
  })
}

const SHA1 = { name: 'sha1', block: 64, digest: 20 }

/** Undefined where the padding says that the key is another. */
function decipher({ name, iv: blockLength }: Cipher, key: Buffer, iv: Buffer, data: Buffer): Buffer | undefined {
  if (data.length === 0 || data.length % blockLength !== 0)
    throw new Pkcs12Error('broken', 'what is encrypted in it was cut')
  const padded = name === 'rc2' ? decryptRc2(key, iv, data) : decipherNatively(name, key, iv, data)
  const padding = padded.at(-1)!
  const whole = padding >= 1 && padding <= blockLength && padded.subarray(-padding).every((byte) => byte === padding)
  return whole ? padded.subarray(0, -padding) : undefined
}

function decipherNatively(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  // Two keys of three: the third is the first again.
  const [cipher, whole] =
    name === 'des-ede-cbc' ? ['des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)])] : [name, key]
  const deciphering = createDecipheriv(cipher, whole, iv).setAutoPadding(false)
  return Buffer.concat([deciphering.update(data), deciphering.final()])
}
