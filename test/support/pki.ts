import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'

/** An authority, or anyone else with a key and a certificate, for tests. Elliptic keys: made in a moment. */
export interface Holder {
  certificate: Certificate
  key: KeyObject
}

export interface Issue {
  subject: string
  /** Absent: signed by itself. */
  issuer?: Holder
  key?: KeyObject
  serial?: number | Buffer
  notBefore?: Date
  notAfter?: Date
  /** Instead of a common name alone. */
  subjectDer?: Buffer
  extensions?: Buffer[]
  /** Leave out the key identifiers. */
  noIdentifiers?: boolean
}

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`)
export const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' })
export const keyIdOf = (key: KeyObject): Buffer => createHash('sha1').update(spkiOf(key)).digest()

export const attribute = (oid: string, value: Buffer): Buffer => der.set(der.sequence(der.oid(oid), value))
export const nameDer = (...commonNames: string[]): Buffer =>
  der.sequence(...commonNames.map((each) => attribute(OID.commonName, der.utf8(each))))

const ALGORITHM = der.sequence(der.oid(OID.ecdsaWithSha256))

export const extension = (oid: string, value: Buffer, critical = false): Buffer =>
  der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value))

/** `sign` over what an authority signs: a SEQUENCE of it, the algorithm and the signature. */
export function signed(tbs: Buffer, key: KeyObject): Buffer {
  return der.sequence(tbs, ALGORITHM, der.bits(sign('sha256', tbs, key)))
}

let nextSerial = 1

export function issue({ subject, issuer, key = newKey(), extensions = [], ...rest }: Issue): Holder {
  const signer = issuer?.key ?? key
  const identifiers = [
    extension(OID.subjectKeyIdentifier, der.octets(keyIdOf(key))),
    extension(OID.authorityKeyIdentifier, der.sequence(der.contextPrimitive(0, keyIdOf(signer)))),
  ]
  const own = rest.subjectDer ?? nameDer(subject)
  const all = [...(rest.noIdentifiers ? [] : identifiers), ...extensions]
  const tbs = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(rest.serial ?? nextSerial++),
    ALGORITHM,
    issuer?.certificate.subject.der ?? own,
    der.sequence(der.time(rest.notBefore ?? day('2020-01-01')), der.time(rest.notAfter ?? day('2030-01-01'))),
    own,
    spkiOf(key),
    ...(all.length > 0 ? [der.context(3, der.sequence(...all))] : []),
  )
  return { certificate: parseCertificate(signed(tbs, signer)), key }
}

/** keyUsage by the numbers of its bits (RFC 5280, 4.2.1.3). */
export function keyUsage(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(Math.max(...numbers) > 7 ? 2 : 1)
  for (const each of numbers) bytes[each >> 3]! |= 0x80 >> (each & 7)
  return extension(OID.keyUsage, der.bits(bytes, trailingZeros(bytes.at(-1)!)), true)
}

const trailingZeros = (byte: number): number => 31 - Math.clz32(byte & -byte)

export const basicConstraints = (ca: boolean, pathLen?: number): Buffer =>
  extension(
    OID.basicConstraints,
    der.sequence(...(ca ? [der.boolean(true)] : []), ...(pathLen === undefined ? [] : [der.integer(pathLen)])),
    true,
  )

export const SIGN_CERTIFICATES = 5
export const SIGN_LISTS = 6

export const authority = (options: Issue & { pathLen?: number }): Holder =>
  issue({
    ...options,
    extensions: [
      basicConstraints(true, options.pathLen),
      keyUsage(SIGN_CERTIFICATES, SIGN_LISTS),
      ...(options.extensions ?? []),
    ],
  })

export interface ListOptions {
  issuer: Holder
  /** The name on the list where it is another than the signer's. */
  issuerName?: Buffer
  revoked?: Array<{ serial: Buffer; at?: Date; extensions?: Buffer[] }>
  number?: number
  extensions?: Buffer[]
  thisUpdate?: Date
  nextUpdate?: Date | null
}

export function revocationList({ issuer, revoked = [], extensions = [], number = 1, ...rest }: ListOptions): Buffer {
  const entries = revoked.map((each) =>
    der.sequence(
      der.integer(each.serial),
      der.time(each.at ?? day('2024-01-01')),
      ...(each.extensions ? [der.sequence(...each.extensions)] : []),
    ),
  )
  const nextUpdate = rest.nextUpdate === undefined ? day('2026-01-01') : rest.nextUpdate
  const tbs = der.sequence(
    der.integer(1),
    ALGORITHM,
    rest.issuerName ?? issuer.certificate.subject.der,
    der.time(rest.thisUpdate ?? day('2025-01-01')),
    ...(nextUpdate ? [der.time(nextUpdate)] : []),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.context(
      0,
      der.sequence(
        extension(OID.authorityKeyIdentifier, der.sequence(der.contextPrimitive(0, keyIdOf(issuer.key)))),
        extension(OID.cRLNumber, der.integer(number)),
        ...extensions,
      ),
    ),
  )
  return signed(tbs, issuer.key)
}

export const reason = (number: number): Buffer => extension(OID.reasonCode, der.enumerated(number))

export interface OcspOptions {
  certificate: Certificate
  issuer: Holder
  /** Who signs, the issuer where nobody is named. */
  responder?: Holder
  byKey?: boolean
  status?: 'good' | 'revoked' | 'unknown'
  thisUpdate?: Date
  nextUpdate?: Date | null
  embed?: Certificate[]
  extensions?: Buffer[]
  /** More than one answer about the certificate, instead of `status`. */
  statuses?: Array<'good' | 'revoked' | 'unknown'>
  /** Of each answer. */
  singleExtensions?: Buffer[]
  /** CRLReason, where revoked. */
  revokedFor?: number
}

const sha1 = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest()

export function ocspResponse({
  certificate,
  issuer,
  responder = issuer,
  status = 'good',
  ...rest
}: OcspOptions): Buffer {
  const thisUpdate = rest.thisUpdate ?? day('2025-06-01')
  const nextUpdate = rest.nextUpdate === undefined ? day('2025-06-02') : rest.nextUpdate
  const why = rest.revokedFor === undefined ? [] : [der.context(0, der.enumerated(rest.revokedFor))]
  const written = {
    good: der.contextPrimitive(0, Buffer.alloc(0)),
    revoked: der.context(1, der.generalizedTime(day('2025-01-01')), ...why),
    unknown: der.contextPrimitive(2, Buffer.alloc(0)),
  }
  const certId = der.sequence(
    der.sequence(der.oid(OID.sha1), der.nothing()),
    der.octets(sha1(issuer.certificate.subject.der)),
    der.octets(sha1(issuer.certificate.keyBits)),
    der.integer(certificate.serial),
  )
  const singles = (rest.statuses ?? [status]).map((each) =>
    der.sequence(
      certId,
      written[each],
      der.generalizedTime(thisUpdate),
      ...(nextUpdate ? [der.context(0, der.generalizedTime(nextUpdate))] : []),
      ...(rest.singleExtensions ? [der.context(1, der.sequence(...rest.singleExtensions))] : []),
    ),
  )
  const id = rest.byKey
    ? der.context(2, der.octets(sha1(responder.certificate.keyBits)))
    : der.context(1, responder.certificate.subject.der)
  const extensions = rest.extensions ? [der.context(1, der.sequence(...rest.extensions))] : []
  const tbs = der.sequence(id, der.generalizedTime(thisUpdate), der.sequence(...singles), ...extensions)
  const embedded = rest.embed ? [der.context(0, der.sequence(...rest.embed.map((each) => each.der)))] : []
  const basic = der.sequence(tbs, ALGORITHM, der.bits(sign('sha256', tbs, responder.key)), ...embedded)
  return der.sequence(der.enumerated(0), der.context(0, der.sequence(der.oid(OID.ocspBasic), der.octets(basic))))
}
