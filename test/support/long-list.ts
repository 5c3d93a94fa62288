import { randomBytes } from 'node:crypto'
import { readDer } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { day, type Holder, type ListOptions, reason, revocationList, signed } from './pki.ts'

/**
 * A revocation list of about that many bytes: after the entries given, strangers' with serials of 20 bytes by chance, in no order. Made in a
 * moment, for its entries are one, copied.
 */
export function longList(bytes: number, options: ListOptions & { issuer: Holder }): Buffer {
  const serial = Buffer.concat([Buffer.from([0x30]), Buffer.alloc(19)])
  const entry = der.sequence(der.integer(serial), der.time(day('2024-01-01')), der.sequence(reason(1)))
  const serialAt = entry.indexOf(serial) + 1
  const count = Math.ceil(bytes / entry.length)
  const entries = Buffer.alloc(count * entry.length)
  const chance = randomBytes(count * 19)
  for (let i = 0; i < count; i++) {
    entry.copy(entries, i * entry.length)
    chance.copy(entries, i * entry.length + serialAt, i * 19, i * 19 + 19)
  }
  const revoked = options.revoked ?? []
  const filler = revoked.length > 0 ? [] : [{ serial }]
  const fields = readDer(revocationList({ ...options, revoked: [...revoked, ...filler] }))
    .children()[0]!
    .children()
  // version, algorithm, issuer, thisUpdate, nextUpdate, revokedCertificates
  const listed = fields.map((each, i) => (i === 5 ? der.sequence(each.content, entries) : each.bytes))
  return signed(der.sequence(...listed), options.issuer.key)
}
