import { createHash, type KeyObject, sign } from 'node:crypto'
import {
  bitString,
  encode,
  ia5,
  integer,
  nothing,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  text,
  time,
  yes,
} from './encode-der.ts'

/** Attributes of a name in the order they are written. */
export type NameParts = Array<[type: keyof typeof attributeTypes, value: string]>

const attributeTypes = {
  commonName: '2.5.4.3',
  name: '2.5.4.41',
  organizationName: '2.5.4.10',
  organizationalUnitName: '2.5.4.11',
  countryName: '2.5.4.6',
  emailAddress: '1.2.840.113549.1.9.1',
  x500UniqueIdentifier: '2.5.4.45',
  serialNumber: '2.5.4.5',
} as const

export interface Issuer {
  name: NameParts
  key: KeyObject
}

/** What the certificate is for; each has the tax service's own set of usages. */
export type Profile = 'root' | 'authority' | 'efirma' | 'seal'

export interface CertificateRequest {
  issuer: Issuer
  subject: NameParts
  publicKey: KeyObject
  /** 20 digits; written as their ASCII bytes. */
  serial: string
  notBefore: Date
  notAfter: Date
  profile: Profile
}

const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), nothing())

/** DER of an X.509 v3 certificate signed with sha256WithRSAEncryption. */
export function issueCertificate(request: CertificateRequest): Buffer {
  const body = sequence(
    tagged(0, integer(2)),
    integer(Buffer.from(request.serial, 'ascii')),
    SHA256_WITH_RSA,
    encodeName(request.issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    encodeName(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensionsOf(request))),
  )
  return signBody(body, request.issuer.key)
}

export interface RevocationList {
  issuer: Issuer
  number: number
  thisUpdate: Date
  nextUpdate: Date
  revoked: Array<{ serial: string; at: Date }>
}

/** DER of an X.509 v2 revocation list (RFC 5280, 5.1). */
export function issueRevocationList(list: RevocationList): Buffer {
  const entries = list.revoked.map(({ serial, at }) => sequence(integer(Buffer.from(serial, 'ascii')), time(at)))
  const body = sequence(
    integer(1),
    SHA256_WITH_RSA,
    encodeName(list.issuer.name),
    time(list.thisUpdate),
    time(list.nextUpdate),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    tagged(
      0,
      sequence(
        extension('2.5.29.35', sequence(encode(0x80, keyIdentifier(list.issuer.key)))),
        extension('2.5.29.20', integer(list.number)),
      ),
    ),
  )
  return signBody(body, list.issuer.key)
}

function signBody(body: Buffer, key: KeyObject): Buffer {
  return sequence(body, SHA256_WITH_RSA, bitString(sign('sha256', body, key)))
}

function encodeName(parts: NameParts): Buffer {
  const attributes = parts.map(([type, value]) =>
    set(sequence(oid(attributeTypes[type]), type === 'emailAddress' ? ia5(value) : text(value))),
  )
  return sequence(...attributes)
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 of the key's bits. It names a key, it protects nothing. */
function keyIdentifier(key: KeyObject): Buffer {
  const jwk = key.export({ format: 'jwk' })
  const bits = sequence(integer(Buffer.from(jwk.n ?? '', 'base64url')), integer(Buffer.from(jwk.e ?? '', 'base64url')))
  return createHash('sha1').update(bits).digest()
}

function extension(id: string, value: Uint8Array, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes()] : []), octetString(value))
}

const keyUsage = (...bytes: number[]): Buffer => bitString(Buffer.from([bytes[0] ?? 0]), bytes[1] ?? 0)

/** A person's certificate names neither its own key nor its issuer's, and no address: those of the tax service do not. */
function extensionsOf({ profile, publicKey, issuer }: CertificateRequest): Buffer[] {
  if (profile === 'root' || profile === 'authority') {
    return [
      extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
      extension('2.5.29.35', sequence(encode(0x80, keyIdentifier(issuer.key)))),
      extension('2.5.29.19', sequence(yes(), integer(profile === 'root' ? 1 : 0)), true),
      extension('2.5.29.15', keyUsage(0xc6, 1), true),
    ]
  }
  const endEntity = extension('2.5.29.19', sequence(), true)
  if (profile === 'seal') return [endEntity, extension('2.5.29.15', keyUsage(0xc0, 6))]
  return [
    endEntity,
    extension('2.5.29.15', keyUsage(0xd8, 3)),
    extension('2.16.840.1.113730.1.1', keyUsage(0xa0, 5)),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.4'), oid('1.3.6.1.5.5.7.3.2'))),
  ]
}
