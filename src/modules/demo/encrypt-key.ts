import { createCipheriv, type KeyObject, pbkdf2Sync, randomBytes } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { integer, octets, oid, sequence } from '#trust/der/write.ts'

const ITERATIONS = 2048

/**
 * A .key file as the tax service gives it: PKCS #8 EncryptedPrivateKeyInfo, PBES2 (RFC 8018) with PBKDF2 by HMAC-SHA-1,
 * 2048 iterations, and triple DES. OpenSSL's own export would write HMAC-SHA-256.
 */
export function encryptKey(key: KeyObject, password: string): Buffer {
  const salt = randomBytes(8)
  const iv = randomBytes(8)
  const derived = pbkdf2Sync(password, salt, ITERATIONS, 24, 'sha1')
  const cipher = createCipheriv('des-ede3-cbc', derived, iv)
  const encrypted = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()])
  const derivation = sequence(oid(OID.pbkdf2), sequence(octets(salt), integer(ITERATIONS)))
  const encryption = sequence(oid(OID.desEde3Cbc), octets(iv))
  const algorithm = sequence(oid(OID.pbes2), sequence(derivation, encryption))
  return sequence(algorithm, octets(encrypted))
}
