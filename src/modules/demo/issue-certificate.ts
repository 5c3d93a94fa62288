import { createHash, type KeyObject, sign } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import {
  bits,
  boolean,
  context,
  contextPrimitive,
  ia5,
  integer,
  isPrintable,
  nothing,
  octets,
  oid,
  printable,
  sequence,
  set,
  time,
  utf8,
} from '#trust/der/write.ts'

type NameAttribute =
  | 'commonName'
  | 'name'
  | 'organizationName'
  | 'organizationalUnitName'
  | 'countryName'
  | 'emailAddress'
  | 'x500UniqueIdentifier'
  | 'serialNumber'

/** Attributes of a name in the order they are written. */
export type NameParts = Array<[type: NameAttribute, value: string]>

export interface Issuer {
  name: NameParts
  key: KeyObject
}

/** What the certificate is for; each has the tax service's own set of usages. */
export type Profile = 'root' | 'authority' | 'efirma' | 'seal' | 'time'

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

const SHA256_WITH_RSA = sequence(oid(OID.sha256WithRsa), nothing())

/** DER of an X.509 v3 certificate signed with sha256WithRSAEncryption. */
export function issueCertificate(request: CertificateRequest): Buffer {
  const body = sequence(
    context(0, integer(2)),
    integer(Buffer.from(request.serial, 'ascii')),
    SHA256_WITH_RSA,
    encodeName(request.issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    encodeName(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensionsOf(request))),
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
    context(
      0,
      sequence(
        extension(OID.authorityKeyIdentifier, sequence(contextPrimitive(0, keyIdentifier(list.issuer.key)))),
        extension(OID.cRLNumber, integer(list.number)),
      ),
    ),
  )
  return signBody(body, list.issuer.key)
}

function signBody(body: Buffer, key: KeyObject): Buffer {
  return sequence(body, SHA256_WITH_RSA, bits(sign('sha256', body, key)))
}

function encodeName(parts: NameParts): Buffer {
  const attributes = parts.map(([type, value]) =>
    set(sequence(oid(OID[type]), type === 'emailAddress' ? ia5(value) : text(value))),
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
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value))
}

const keyUsage = (...bytes: number[]): Buffer => bits(Buffer.from([bytes[0] ?? 0]), bytes[1] ?? 0)

/** A person's certificate names neither its own key nor its issuer's, and no address: those of the tax service do not. */
function extensionsOf({ profile, publicKey, issuer }: CertificateRequest): Buffer[] {
  if (profile === 'root' || profile === 'authority') {
    return [
      extension(OID.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
      extension(OID.authorityKeyIdentifier, sequence(contextPrimitive(0, keyIdentifier(issuer.key)))),
      extension(OID.basicConstraints, sequence(boolean(true), integer(profile === 'root' ? 1 : 0)), true),
      extension(OID.keyUsage, keyUsage(0xc6, 1), true),
    ]
  }
  const endEntity = extension(OID.basicConstraints, sequence(), true)
  if (profile === 'seal') return [endEntity, extension(OID.keyUsage, keyUsage(0xc0, 6))]
  // RFC 3161, 2.3: critical, and nothing else.
  if (profile === 'time')
    return [
      endEntity,
      extension(OID.keyUsage, keyUsage(0x80, 7), true),
      extension(OID.extKeyUsage, sequence(oid(OID.timeStamping)), true),
    ]
  return [
    endEntity,
    extension(OID.keyUsage, keyUsage(0xd8, 3)),
    extension(OID.netscapeCertType, keyUsage(0xa0, 5)),
    extension(OID.extKeyUsage, sequence(oid(OID.emailProtection), oid(OID.clientAuth))),
  ]
}

/** PrintableString where the alphabet allows, UTF8String for Ñ, & and accents, as the tax service does today. */
function text(value: string): Buffer {
  return isPrintable(value) ? printable(value) : utf8(value)
}
