import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { holdsMac } from './check-mac.ts'
import { decrypt } from './decrypt.ts'
import { Budget, type Secret } from './derive-key.ts'
import { Pkcs12Error } from './errors.ts'

export { Pkcs12Error, type Pkcs12Problem } from './errors.ts'

export interface Pkcs12 {
  /** PKCS#8, DER. */
  key: Buffer
  /** The one the key belongs to. */
  certificate: Buffer
  /** The others, as they stand in the file, each once. */
  chain: Buffer[]
}

const LIMITS = { maxBytes: 1_000_000, maxDepth: 24, maxValues: 20_000 }
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const CERT_BAG = '1.2.840.113549.1.12.10.1.3'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const X509 = '1.2.840.113549.1.9.22.1'

/**
 * One key with its certificate, from a file of RFC 7292 in DER: PBES2 and the older password ciphers, a MAC of either kind or none. The MAC is
 * checked before anything inside is used; where it does not hold, what the password opens tells a wrong password from a broken file.
 * @throws Pkcs12Error and nothing else
 */
export function readPkcs12(bytes: Uint8Array, password: string): Pkcs12 {
  if (bytes.length > LIMITS.maxBytes) throw new Pkcs12Error('too-costly', 'it is larger than any honest file')
  const secret = { password, budget: new Budget(), opened: false }
  const { content, mac } = asPkcs12(() => readOuter(bytes))
  const holds = mac === undefined || asBroken(() => holdsMac(mac, content, secret))
  if (!holds) throw opens(content, secret) ? brokenFile() : wrongPassword()
  return asBroken(() => match(readBags(content, secret)))
}

const brokenFile = () => new Pkcs12Error('broken', 'the password is right and its bytes are not as they were written')
const wrongPassword = () => new Pkcs12Error('wrong-password', 'the password does not open it')

interface Outer {
  content: Buffer
  mac: DerValue | undefined
}

/** PFX (RFC 7292, 4). */
function readOuter(bytes: Uint8Array): Outer {
  const outer = readDer(bytes, LIMITS).sequence()
  if (outer.next(TAG.integer).smallInteger() !== 3) throw new Pkcs12Error('not-pkcs12', 'it is not of version 3')
  const info = outer.next(TAG.sequence)
  const mac = outer.optional(TAG.sequence)
  outer.done()
  if (info.inside().next(TAG.oid).oid() === OID.signedData)
    throw new Pkcs12Error('unsupported', 'it is signed instead of closed with a password')
  return { content: contentOf(info), mac }
}

/** ContentInfo with `data` in it. */
function contentOf(info: DerValue): Buffer {
  const fields = info.sequence()
  if (fields.next(TAG.oid).oid() !== OID.data)
    throw new Pkcs12Error('unsupported', 'a part of it is closed with somebody’s certificate')
  const content = fields.next(context(0)).explicit().octets()
  fields.done()
  return content
}

/** True where the password opens something of what is encrypted, whatever else is wrong. */
function opens(content: Buffer, secret: Secret): boolean {
  try {
    readBags(content, secret)
  } catch (error) {
    if (!(error instanceof DerError) && !(error instanceof Pkcs12Error)) throw error
  }
  return secret.opened
}

type Bag = { kind: 'certificate' | 'key'; bytes: Buffer }

function readBags(content: Buffer, secret: Secret): Bag[] {
  return readDer(content, LIMITS)
    .items()
    .flatMap((info) => readSafe(info, secret))
}

function readSafe(info: DerValue, secret: Secret): Bag[] {
  const plain = info.sequence().next(TAG.oid).oid() === ENCRYPTED_DATA ? decryptInfo(info, secret) : contentOf(info)
  return readDer(plain, LIMITS)
    .items()
    .flatMap((bag) => readBag(bag, secret))
}

/** EncryptedData (RFC 5652, 8). */
function decryptInfo(info: DerValue, secret: Secret): Buffer {
  const fields = info.sequence()
  fields.next(TAG.oid)
  const data = fields.next(context(0)).explicit().sequence()
  fields.done()
  data.next(TAG.integer).smallInteger()
  const encrypted = data.next(TAG.sequence).inside()
  data.done()
  if (encrypted.next(TAG.oid).oid() !== OID.data) throw new Pkcs12Error('unsupported', 'it hides something else')
  const algorithm = encrypted.next(TAG.sequence)
  const content = encrypted.next(contextPrimitive(0)).content
  encrypted.done()
  return decrypt(algorithm, content, secret)
}

/** SafeBag (RFC 7292, 4.2): keys and X.509 certificates; lists, secrets and bags of bags are left where they are. */
function readBag(bag: DerValue, secret: Secret): Bag[] {
  const fields = bag.sequence()
  const type = fields.next(TAG.oid).oid()
  const value = fields.next(context(0)).explicit()
  fields.optional(TAG.set)
  fields.done()
  if (type === KEY_BAG) return [{ kind: 'key', bytes: value.bytes }]
  if (type === SHROUDED_KEY_BAG) {
    const parts = value.sequence()
    const algorithm = parts.next(TAG.sequence)
    const data = parts.next(TAG.octetString).octets()
    parts.done()
    return [{ kind: 'key', bytes: decrypt(algorithm, data, secret) }]
  }
  if (type !== CERT_BAG) return []
  const parts = value.sequence()
  if (parts.next(TAG.oid).oid() !== X509) return []
  const bytes = parts.next(context(0)).explicit().octets()
  parts.done()
  return [{ kind: 'certificate', bytes }]
}

/** The one key that has its certificate in the file; the others in it, if any, belong to nobody here. */
function match(bags: Bag[]): Pkcs12 {
  const of = (wanted: Bag['kind']) => unique(bags.filter(({ kind }) => kind === wanted).map(({ bytes }) => bytes))
  const [keys, certificates] = [of('key'), of('certificate')]
  if (keys.length === 0) throw new Pkcs12Error('no-key', 'it holds no private key')
  if (keys.length > 1) throw new Pkcs12Error('several-keys', 'it holds more than one private key')
  const key = openKey(keys[0]!)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const certificate = certificates.find((each) => certificateOrNone(each)[0]?.spki.equals(spki))
  if (!certificate) throw new Pkcs12Error('no-certificate', 'it holds no certificate of its key')
  if (!signsWell(key)) throw new Pkcs12Error('broken', 'what its private key signs does not hold')
  return { key: keys[0]!, certificate, chain: certificates.filter((each) => each !== certificate) }
}

const unique = (items: Buffer[]): Buffer[] => [
  ...new Map(items.map((each) => [each.toString('latin1'), each])).values(),
]

function openKey(key: Buffer): KeyObject {
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } catch {
    throw new Pkcs12Error('broken', 'its private key cannot be read')
  }
}

/** A key of RSA that was damaged may still have the public half of its certificate, and its signatures would give it away. */
function signsWell(key: KeyObject): boolean {
  if (!['rsa', 'rsa-pss', 'ec', 'ed25519'].includes(key.asymmetricKeyType ?? ''))
    throw new Pkcs12Error('unsupported', 'its private key is of a kind that does not sign here')
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  try {
    const bytes = Buffer.from('pkcs12')
    return verify(hash, bytes, createPublicKey(key), sign(hash, bytes, key))
  } catch {
    return false
  }
}

function asPkcs12<T>(read: () => T): T {
  return asProblem(read, 'not-pkcs12', 'it is not PKCS#12 in DER')
}

function asBroken<T>(read: () => T): T {
  return asProblem(read, 'broken', 'it is not PKCS#12 from beginning to end')
}

function asProblem<T>(read: () => T, problem: 'not-pkcs12' | 'broken', message: string): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) throw new Pkcs12Error(problem, message)
    throw error
  }
}
