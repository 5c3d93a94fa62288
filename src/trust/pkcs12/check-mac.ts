import { createHmac, timingSafeEqual } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, TAG } from '#trust/der/read.ts'
import { bmpPasswords, deriveKey, PURPOSE, pbkdf2, readHash, readHmac, type Secret } from './derive-key.ts'

/**
 * MacData (RFC 7292, 4; with PBMAC1, RFC 9579): true where the content is what was written under this password.
 * @throws Pkcs12Error, DerError
 */
export function holdsMac(value: DerValue, content: Buffer, secret: Secret): boolean {
  const fields = value.sequence()
  const digestInfo = fields.next(TAG.sequence).inside()
  const algorithm = digestInfo.next(TAG.sequence)
  const mac = digestInfo.next(TAG.octetString).octets()
  digestInfo.done()
  const salt = fields.next(TAG.octetString).octets()
  const iterations = fields.optional(TAG.integer)?.smallInteger() ?? 1
  fields.done()
  const inside = algorithm.inside()
  if (inside.next(TAG.oid).oid() === OID.pbmac1) return holdsPbmac1(inside.next(TAG.sequence), content, mac, secret)
  const hash = readHash(algorithm)
  return bmpPasswords(secret.password).some((password) => {
    secret.budget.spend(iterations, 4)
    const key = deriveKey({ hash, salt, iterations }, password, PURPOSE.mac, hash.digest)
    return equal(createHmac(hash.name, key).update(content).digest(), mac)
  })
}

/** Salt and iterations are those of PBKDF2; the fields of MacData are not looked at (RFC 9579, 4). */
function holdsPbmac1(params: DerValue, content: Buffer, mac: Buffer, secret: Secret): boolean {
  const parts = params.inside()
  const derivation = parts.next(TAG.sequence)
  const hmac = readHmac(parts.next(TAG.sequence))
  parts.done()
  return equal(
    createHmac(hmac.name, pbkdf2(derivation, secret, undefined))
      .update(content)
      .digest(),
    mac,
  )
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
