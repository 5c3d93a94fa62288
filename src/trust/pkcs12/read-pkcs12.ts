import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, pbkdf2Sync } from 'node:crypto'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'

/** A PKCS#12 file that cannot be opened here; a wrong password and a broken file look the same. */
export class Pkcs12Error extends Error {}

export interface Pkcs12 {
  /** PKCS#8, DER. */
  key: Buffer
  /** The one the key belongs to. */
  certificate: Buffer
  chain: Buffer[]
}

const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const CERT_BAG = '1.2.840.113549.1.12.10.1.3'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const X509 = '1.2.840.113549.1.9.22.1'
const MOST_ITERATIONS = 10_000_000
const CIPHERS: Record<string, [name: string, keyLength: number]> = {
  [OID.aes128Cbc]: ['aes-128-cbc', 16],
  [OID.aes192Cbc]: ['aes-192-cbc', 24],
  [OID.aes256Cbc]: ['aes-256-cbc', 32],
  [OID.desEde3Cbc]: ['des-ede3-cbc', 24],
}
const PRFS: Record<string, string> = {
  [OID.hmacWithSha1]: 'sha1',
  [OID.hmacWithSha256]: 'sha256',
  [OID.hmacWithSha384]: 'sha384',
  [OID.hmacWithSha512]: 'sha512',
}
const HASHES: Record<string, { name: string; block: number }> = {
  [OID.sha1]: { name: 'sha1', block: 64 },
  [OID.sha256]: { name: 'sha256', block: 64 },
  [OID.sha384]: { name: 'sha384', block: 128 },
  [OID.sha512]: { name: 'sha512', block: 128 },
}

/** RFC 7292 with PBES2 bags and a MAC, as OpenSSL 3 writes them. The MAC is checked before anything inside is read. */
export function readPkcs12(bytes: Uint8Array, password: string): Pkcs12 {
  try {
    const outer = readDer(bytes, { maxBytes: 1_000_000 }).sequence()
    outer.next(TAG.integer)
    const content = contentOf(outer.next(TAG.sequence), OID.data)
    checkMac(outer.next(TAG.sequence), content, password)
    const bags = readDer(content)
      .items()
      .flatMap((info) => readSafe(info, password))
    return match(bags)
  } catch (error) {
    if (error instanceof DerError) throw new Pkcs12Error('the file is not PKCS#12 as it is read here')
    throw error
  }
}

function contentOf(info: DerValue, expected: string): Buffer {
  const fields = info.inside()
  if (fields.next(TAG.oid).oid() !== expected) throw new Pkcs12Error('the file holds something else')
  return fields.next(context(0)).explicit().octets()
}

function checkMac(value: DerValue, content: Buffer, password: string): void {
  const fields = value.inside()
  const digestInfo = fields.next(TAG.sequence).inside()
  const hash = HASHES[digestInfo.next(TAG.sequence).inside().next(TAG.oid).oid()]
  const mac = digestInfo.next(TAG.octetString).octets()
  const salt = fields.next(TAG.octetString).octets()
  const iterations = fields.more() ? fields.next(TAG.integer).smallInteger() : 1
  if (!hash || iterations < 1 || iterations > MOST_ITERATIONS)
    throw new Pkcs12Error('its MAC is of a kind that is not read')
  const key = deriveMacKey(hash, password, salt, iterations)
  if (!createHmac(hash.name, key).update(content).digest().equals(mac))
    throw new Pkcs12Error('the password does not open it, or it is broken')
}

/** RFC 7292, appendix B.2, purpose 3. */
function deriveMacKey(
  { name, block }: { name: string; block: number },
  password: string,
  salt: Buffer,
  iterations: number,
): Buffer {
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16()
  const fill = (bytes: Buffer) =>
    bytes.length === 0 ? bytes : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes)
  let digest = createHash(name).update(Buffer.alloc(block, 3)).update(fill(salt)).update(fill(secret)).digest()
  for (let i = 1; i < iterations; i += 1) digest = createHash(name).update(digest).digest()
  return digest
}

interface Bag {
  kind: 'certificate' | 'key'
  bytes: Buffer
}

function readSafe(info: DerValue, password: string): Bag[] {
  const type = info.inside().next(TAG.oid).oid()
  const plain = type === ENCRYPTED_DATA ? decryptInfo(info, password) : contentOf(info, OID.data)
  return readDer(plain)
    .items()
    .flatMap((bag) => readBag(bag, password))
}

function decryptInfo(info: DerValue, password: string): Buffer {
  const fields = info.inside()
  fields.next(TAG.oid)
  const data = fields.next(context(0)).explicit().sequence()
  data.next(TAG.integer)
  const encrypted = data.next(TAG.sequence).inside()
  encrypted.next(TAG.oid)
  const algorithm = encrypted.next(TAG.sequence)
  return decrypt(algorithm, encrypted.next().content, password)
}

function readBag(bag: DerValue, password: string): Bag[] {
  const fields = bag.inside()
  const type = fields.next(TAG.oid).oid()
  const value = fields.next(context(0)).explicit()
  if (type === KEY_BAG) return [{ kind: 'key', bytes: value.bytes }]
  if (type === SHROUDED_KEY_BAG) {
    const parts = value.inside()
    const algorithm = parts.next(TAG.sequence)
    return [{ kind: 'key', bytes: decrypt(algorithm, parts.next(TAG.octetString).octets(), password) }]
  }
  if (type !== CERT_BAG) return []
  const parts = value.inside()
  if (parts.next(TAG.oid).oid() !== X509) return []
  return [{ kind: 'certificate', bytes: parts.next(context(0)).explicit().octets() }]
}

/** PBES2 with PBKDF2 (RFC 8018, 6.2). */
function decrypt(algorithm: DerValue, data: Buffer, password: string): Buffer {
  const outer = algorithm.inside()
  if (outer.next(TAG.oid).oid() !== OID.pbes2)
    throw new Pkcs12Error('it is encrypted in an old way: make it again with OpenSSL 3')
  const params = outer.next(TAG.sequence).inside()
  const kdf = params.next(TAG.sequence).inside()
  if (kdf.next(TAG.oid).oid() !== OID.pbkdf2) throw new Pkcs12Error('its key derivation is not read here')
  const kdfParams = kdf.next(TAG.sequence).inside()
  const salt = kdfParams.next(TAG.octetString).octets()
  const iterations = kdfParams.next(TAG.integer).smallInteger()
  kdfParams.optional(TAG.integer)
  const prf = PRFS[kdfParams.optional(TAG.sequence)?.inside().next(TAG.oid).oid() ?? OID.hmacWithSha1]
  const scheme = params.next(TAG.sequence).inside()
  const cipher = CIPHERS[scheme.next(TAG.oid).oid()]
  const iv = scheme.next(TAG.octetString).octets()
  if (!prf || !cipher || iterations < 1 || iterations > MOST_ITERATIONS)
    throw new Pkcs12Error('its encryption is not read here')
  try {
    const decipher = createDecipheriv(cipher[0], pbkdf2Sync(password, salt, iterations, cipher[1], prf), iv)
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch {
    throw new Pkcs12Error('the password does not open it, or it is broken')
  }
}

function match(bags: Bag[]): Pkcs12 {
  const key = bags.find(({ kind }) => kind === 'key')?.bytes
  const certificates = bags.filter(({ kind }) => kind === 'certificate').map(({ bytes }) => bytes)
  if (!key) throw new Pkcs12Error('it holds no private key')
  const spki = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    type: 'spki',
    format: 'der',
  })
  const certificate = certificates.find((each) => parseCertificate(each).spki.equals(spki))
  if (!certificate) throw new Pkcs12Error('it holds no certificate of its key')
  return { key, certificate, chain: certificates.filter((each) => each !== certificate) }
}
