import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, type DerCursor, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { type AlgorithmIdentifier, parseAlgorithm } from './algorithm.ts'
import { CertificateError } from './errors.ts'
import { type KnownExtensions, readKnownExtension } from './extensions.ts'
import { type Name, parseName } from './name.ts'

export interface Extension {
  oid: string
  critical: boolean
  /** What the OCTET STRING holds: DER for every extension known here. */
  value: Buffer
}

export interface Certificate extends KnownExtensions {
  der: Buffer
  /** The bytes that the issuer signed. */
  tbs: Buffer
  /** 1, 2 or 3. */
  version: number
  /** The content bytes of the INTEGER, two's complement. */
  serial: Buffer
  /** As shown to people: the tax service's 20 ASCII digits as digits, any other in hexadecimal. */
  serialText: string
  issuer: Name
  subject: Name
  notBefore: Date
  notAfter: Date
  /** SubjectPublicKeyInfo, DER. */
  spki: Buffer
  keyAlgorithm: AlgorithmIdentifier
  /** The content of the subjectPublicKey BIT STRING: what key identifiers are hashed from. */
  keyBits: Buffer
  /** Made at the first use. Throws CertificateError `bad-key` where OpenSSL does not take the key. */
  readonly publicKey: KeyObject
  /** The same for `crypto.verify`: as text the first time, for whoever verifies once makes no object that has to be collected. */
  readonly verificationKey: KeyObject | string
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
  extensions: ReadonlyMap<string, Extension>
  /** Ways of writing that RFC 5280 takes from validators' side and forbids to issuers (4.1.2.5, 4.1.2.8), as the end of a sentence. */
  unusualForms: string[]
  /** Extensions marked critical that nothing here understands. */
  unknownCritical: string[]
  /** Hexadecimal, small letters, of the whole certificate. */
  readonly sha256: string
}

const LARGEST = 256 * 1024
const MOST_EXTENSIONS = 64
const LONGEST_SERIAL = 64

/**
 * One certificate, DER, to the last byte (RFC 5280, 4.1). Throws CertificateError, nothing else. Nothing is verified:
 * that the parts are well formed says nothing about who signed them.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  try {
    return readCertificate(readDer(der, { maxBytes: LARGEST, maxDepth: 24, maxValues: 20_000 }))
  } catch (error) {
    if (error instanceof DerError) throw new CertificateError('not-der', { cause: error })
    throw error
  }
}

/** The same, for those who leave out what cannot be read: it proves nothing. */
export function certificateOrNone(certificate: Certificate | Uint8Array): [Certificate] | [] {
  if (!(certificate instanceof Uint8Array)) return [certificate]
  try {
    return [parseCertificate(certificate)]
  } catch (error) {
    if (error instanceof CertificateError) return []
    throw error
  }
}

function readCertificate(whole: DerValue): Certificate {
  const outer = whole.sequence()
  const tbs = outer.next(TAG.sequence)
  const signatureAlgorithm = parseAlgorithm(outer.next())
  const signature = outer.next().wholeBits()
  outer.done()
  const fields = tbs.inside()
  const version = readVersion(fields)
  const serial = readSerial(fields)
  if (!fields.next(TAG.sequence).bytes.equals(signatureAlgorithm.der)) throw new CertificateError('algorithms-differ')
  const issuer = readName(fields)
  const validity = fields.next()
  const [notBefore, notAfter] = readValidity(validity)
  const subject = readName(fields)
  const key = readKey(fields.next())
  const hasUniqueIdentifiers = skipUniqueIdentifiers(fields, version)
  const extensions = readExtensions(fields, version)
  fields.done()
  const { known, unknownCritical } = readKnown(extensions)
  return withLateParts({
    der: whole.bytes,
    tbs: tbs.bytes,
    version,
    serial,
    serialText: writeSerial(serial),
    issuer,
    subject,
    notBefore,
    notAfter,
    ...key,
    signatureAlgorithm,
    signature,
    extensions,
    unusualForms: [
      ...(isWrittenAsAsked(validity, notBefore, notAfter)
        ? []
        : ['it writes its dates in a form that is not for their year']),
      ...(hasUniqueIdentifiers ? ['it has unique identifiers'] : []),
    ],
    unknownCritical,
    ...known,
  })
}

/** v1 is the default and may not be written out; v2 and v3 are 1 and 2. */
function readVersion(fields: DerCursor): number {
  const tagged = fields.optional(context(0))
  if (!tagged) return 1
  const number = tagged.explicit().smallInteger()
  if (number !== 1 && number !== 2) throw new CertificateError('unknown-version')
  return number + 1
}

// Negative serials and such of more than 20 bytes exist; path validation judges them (RFC 5280, 4.1.2.2).
function readSerial(fields: DerCursor): Buffer {
  const serial = fields.next(TAG.integer).integer()
  if (serial.length > LONGEST_SERIAL) throw new CertificateError('bad-serial')
  return serial
}

/** The digits where all bytes are ASCII digits, else hexadecimal. */
function writeSerial(serial: Buffer): string {
  const text = serial.toString('latin1')
  return /^[0-9]{20}$/.test(text) ? text : serial.toString('hex')
}

function readName(fields: DerCursor): Name {
  try {
    return parseName(fields.next(TAG.sequence))
  } catch (cause) {
    throw new CertificateError('bad-name', { cause })
  }
}

function readValidity(value: DerValue): [Date, Date] {
  try {
    const cursor = value.sequence()
    const both: [Date, Date] = [cursor.next().time(), cursor.next().time()]
    cursor.done()
    return both
  } catch (cause) {
    throw new CertificateError('bad-validity', { cause })
  }
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
function isWrittenAsAsked(validity: DerValue, ...dates: Date[]): boolean {
  return validity.children().every(({ tag }, i) => (tag === TAG.utcTime) === dates[i]!.getUTCFullYear() < 2050)
}

function readKey(value: DerValue): Pick<Certificate, 'spki' | 'keyAlgorithm' | 'keyBits'> {
  try {
    const cursor = value.sequence()
    const keyAlgorithm = parseAlgorithm(cursor.next())
    const keyBits = cursor.next().wholeBits()
    cursor.done()
    return { spki: value.bytes, keyAlgorithm, keyBits }
  } catch (cause) {
    throw new CertificateError('bad-key', { cause })
  }
}

// issuerUniqueID and subjectUniqueID: BIT STRINGs of v2 and v3 that nobody compares any more.
function skipUniqueIdentifiers(fields: DerCursor, version: number): boolean {
  let has = false
  for (const number of [1, 2]) {
    const id = fields.optional(contextPrimitive(number))
    if (!id) continue
    if (version < 2) throw new CertificateError('fields-of-another-version')
    id.as(TAG.bitString).bits()
    has = true
  }
  return has
}

function readExtensions(fields: DerCursor, version: number): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  const tagged = fields.optional(context(3))
  if (!tagged) return extensions
  if (version !== 3) throw new CertificateError('fields-of-another-version')
  const items = tagged.explicit().items()
  if (items.length === 0 || items.length > MOST_EXTENSIONS) throw new CertificateError('bad-extension')
  for (const item of items) {
    const extension = parseExtension(item)
    if (extensions.has(extension.oid)) throw new CertificateError('doubled-extension', { extension: extension.oid })
    extensions.set(extension.oid, extension)
  }
  return extensions
}

/** Extension, of certificates, CRLs and OCSP alike. Where the default FALSE is written out it is read as what it says. */
export function parseExtension(item: DerValue): Extension {
  const cursor = item.sequence()
  const oid = cursor.next().oid()
  const critical = cursor.optional(TAG.boolean)?.boolean() ?? false
  const value = cursor.next().octets()
  cursor.done()
  return { oid, critical, value }
}

// Marked critical, they would ask for something that the standard does not have (RFC 5280, 4.2.2.1, 4.2.1.1, 4.2.1.2).
const NEVER_CRITICAL: ReadonlySet<string> = new Set([
  OID.authorityInfoAccess,
  OID.authorityKeyIdentifier,
  OID.subjectKeyIdentifier,
])

function readKnown(extensions: ReadonlyMap<string, Extension>): { known: KnownExtensions; unknownCritical: string[] } {
  const known: KnownExtensions = {}
  const unknownCritical: string[] = []
  for (const { oid, critical, value } of extensions.values()) {
    try {
      const understood = readKnownExtension(oid, value, known)
      if (critical && (!understood || NEVER_CRITICAL.has(oid))) unknownCritical.push(oid)
    } catch (cause) {
      throw new CertificateError('bad-extension', { cause, extension: oid })
    }
  }
  return { known, unknownCritical }
}

/** The key and the fingerprint cost more than the rest together: they are made when first asked for, and kept. */
function withLateParts(parts: Omit<Certificate, 'publicKey' | 'verificationKey' | 'sha256'>): Certificate {
  let publicKey: KeyObject | undefined
  let isUsed = false
  let sha256: string | undefined
  return Object.defineProperties(parts, {
    publicKey: {
      get: (): KeyObject => {
        publicKey ??= readPublicKey(parts.spki)
        return publicKey
      },
    },
    verificationKey: {
      get(this: Certificate): KeyObject | string {
        if (publicKey || isUsed) return this.publicKey
        isUsed = true
        return writePublicKeyPem(parts.spki)
      },
    },
    sha256: {
      get: (): string => {
        sha256 ??= createHash('sha256').update(parts.der).digest('hex')
        return sha256
      },
    },
  }) as Certificate
}

/** A KeyObject of SubjectPublicKeyInfo. Throws CertificateError. */
export function readPublicKey(spki: Buffer): KeyObject {
  try {
    return createPublicKey(writePublicKeyPem(spki))
  } catch (cause) {
    throw new CertificateError('bad-key', { cause })
  }
}

/** As text, because Node takes a key as text in half the time that it takes for DER inside an options object. */
export function writePublicKeyPem(spki: Buffer): string {
  const lines = spki.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`
}
