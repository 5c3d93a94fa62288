import { createHash } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'
import { type TstInfoParts, writeTstInfo } from '#trust/timestamp/tst-info.ts'
import { day, extension, type Holder, type Issue, issue, keyUsage } from './pki.ts'

export const POLICY = '1.3.6.1.4.1.99999.3'
export const timeUsage = (critical = true, ...more: string[]): Buffer =>
  extension(OID.extKeyUsage, der.sequence(der.oid(OID.timeStamping), ...more.map(der.oid)), critical)

/** An authority of time, or with other extensions something that only looks like one. */
export const timeHolder = (options: Partial<Issue> = {}): Holder =>
  issue({ subject: 'HORA', extensions: [keyUsage(0), timeUsage()], ...options })

export const digestOf = (bytes: Uint8Array | string, hash: Hash = 'sha256'): Buffer =>
  createHash(hash).update(bytes).digest()

/** What a token is made of, each part to be replaced by what should not be accepted. */
export interface ForgedToken {
  holder: Holder
  info?: Partial<TstInfoParts>
  /** DER instead of the TSTInfo that `info` makes. */
  content?: Buffer
  contentType?: string
  /** Instead of the usual signed attributes. */
  attributes?: Buffer
  /** Whose certificates go along, the signer's own unless said. */
  certificates?: readonly Uint8Array[]
  withoutCertificates?: boolean
  signers?: number
}

export const infoParts = (more: Partial<TstInfoParts> = {}): TstInfoParts => ({
  policy: POLICY,
  imprint: writeImprint('sha256', digestOf('act')),
  serial: Buffer.from('0102030405', 'hex'),
  time: new Date('2025-06-01T12:00:00.250Z'),
  accuracy: 1000,
  ...more,
})

export function forgeToken(parts: ForgedToken): Buffer {
  const { holder, contentType = OID.tstInfo, certificates, withoutCertificates, signers = 1 } = parts
  const { certificate, key } = holder
  const content = parts.content ?? writeTstInfo(infoParts(parts.info))
  const signedAttributes =
    parts.attributes ?? signedAttributesFor({ digest: digestOf(content), certificate, contentType })
  const signature = signWith(key)(signedAttributes)
  const signer = { certificate, signedAttributes, signature }
  const written = { signers: Array.from({ length: signers }, () => signer), contentType, content }
  return writeSignedData({
    ...written,
    certificates,
    withoutCertificates: withoutCertificates ?? certificates !== undefined,
  })
}

/** ESSCertID of RFC 2634 instead of that of RFC 5035. */
export function oldAttributes(content: Buffer, { certificate }: Holder): Buffer {
  const identifier = der.sequence(der.octets(digestOf(certificate.der, 'sha1')))
  return der.set(
    attribute(OID.contentType, der.oid(OID.tstInfo)),
    attribute(OID.messageDigest, der.octets(digestOf(content))),
    attribute(OID.signingCertificate, der.sequence(der.sequence(identifier))),
  )
}

/** A certificate with the same name, number and key identifiers, whoever's key is in it. */
export function twinOf({ certificate, key }: Holder, more: Partial<Issue> = {}): Holder {
  return issue({ subject: 'HORA', serial: certificate.serial, key, notBefore: day('2019-01-01'), ...more })
}
