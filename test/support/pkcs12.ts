import { createHmac, pbkdf2Sync } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { readDer, TAG } from '#trust/der/read.ts'
import { context, integer, nothing, octets, oid, raw, sequence } from '#trust/der/write.ts'

/** Files of PKCS#12 that OpenSSL 3.0 does not make. */
export function pkcs12Of({ keys, certificates }: { keys: Buffer[]; certificates: Buffer[] }): Buffer {
  const bag = (type: string, value: Buffer) => sequence(oid(type), context(0, value))
  const bags = [
    ...keys.map((each) => bag('1.2.840.113549.1.12.10.1.1', raw(each))),
    ...certificates.map((each) =>
      bag('1.2.840.113549.1.12.10.1.3', sequence(oid('1.2.840.113549.1.9.22.1'), context(0, octets(each)))),
    ),
  ]
  const data = (content: Buffer) => sequence(oid(OID.data), context(0, octets(content)))
  return sequence(integer(3), data(sequence(data(sequence(...bags)))))
}

/** The same content under another MAC. */
export function withMac(
  file: Buffer,
  algorithm: Buffer,
  { mac, iterations }: { mac: Buffer; iterations: number },
): Buffer {
  const outer = readDer(file).sequence()
  const [version, info] = [outer.next(TAG.integer), outer.next(TAG.sequence)]
  const macData = sequence(sequence(algorithm, octets(mac)), octets(Buffer.alloc(8)), integer(iterations))
  return sequence(raw(version.bytes), raw(info.bytes), macData)
}

/** With a MAC as RFC 9579 wants it, which OpenSSL writes since 3.4. */
export function withPbmac1(file: Buffer, password: string, iterations = 2048): Buffer {
  const outer = readDer(file).sequence()
  outer.next(TAG.integer)
  const info = outer.next(TAG.sequence).inside()
  info.next(TAG.oid)
  const content = info.next().explicit().octets()
  const salt = Buffer.alloc(8, 7)
  const mac = createHmac('sha512', pbkdf2Sync(password, salt, Math.min(iterations, 5000), 32, 'sha256')).update(content)
  const hmac = (name: string) => sequence(oid(name), nothing())
  const params = sequence(octets(salt), integer(iterations), integer(32), hmac(OID.hmacWithSha256))
  const algorithm = sequence(oid(OID.pbmac1), sequence(sequence(oid(OID.pbkdf2), params), hmac(OID.hmacWithSha512)))
  return withMac(file, algorithm, { mac: mac.digest(), iterations: 1 })
}
