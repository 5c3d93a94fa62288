import { type Der, INTEGER, NULL, OCTETS, OID, readItems, readNumber, readWhole, SEQUENCE, toHex } from './der.ts'
import { Failure } from './failure.ts'
import { openTripleDes } from './triple-des.ts'

export const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

type Bytes = Uint8Array<ArrayBuffer>
type Hash = 'SHA-1' | 'SHA-256'

const PBES2 = '2a864886f70d01050d'
const PBKDF2 = '2a864886f70d01050c'
const HASHES = new Map<string, Hash>([
  ['2a864886f70d0207', 'SHA-1'],
  ['2a864886f70d0209', 'SHA-256'],
])

interface Cipher {
  name: 'DES-EDE3-CBC' | 'AES-CBC'
  /** Bytes. */
  key: number
  iv: number
}

const CIPHERS = new Map<string, Cipher>([
  ['2a864886f70d0307', { name: 'DES-EDE3-CBC', key: 24, iv: 8 }],
  ['608648016503040102', { name: 'AES-CBC', key: 16, iv: 16 }],
  ['608648016503040116', { name: 'AES-CBC', key: 24, iv: 16 }],
  ['60864801650304012a', { name: 'AES-CBC', key: 32, iv: 16 }],
])
const MOST_ITERATIONS = 10_000_000
const LARGEST = 65_536

interface Sealed {
  salt: Bytes
  iterations: number
  hash: Hash
  cipher: Cipher
  iv: Bytes
  content: Bytes
}

const copy = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes)

/**
 * Opens the key file; what is secret is overwritten as soon as it is not needed, and the key that comes out cannot be exported.
 * @throws Failure `wrong-password-or-key` (from outside the two look the same), `key-unreadable`
 */
export async function openKey(file: Uint8Array, password: string): Promise<CryptoKey> {
  const sealed = readSealed(file)
  let key: Bytes | undefined
  let plain: Bytes | undefined
  try {
    key = await deriveKey(sealed, password)
    plain = await decrypt(sealed, key)
    return await crypto.subtle.importKey('pkcs8', plain, ALGORITHM, false, ['sign'])
  } catch {
    throw new Failure('wrong-password-or-key')
  } finally {
    key?.fill(0)
    plain?.fill(0)
  }
}

async function deriveKey({ salt, iterations, hash, cipher }: Sealed, password: string): Promise<Bytes> {
  const secret = new TextEncoder().encode(password)
  try {
    const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
    const parameters = { name: 'PBKDF2', hash, salt, iterations }
    return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, cipher.key * 8))
  } finally {
    secret.fill(0)
  }
}

async function decrypt({ cipher, iv, content }: Sealed, key: Bytes): Promise<Bytes> {
  if (cipher.name === 'DES-EDE3-CBC') return openTripleDes(key, iv, content)
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aes, content))
}

/**
 * PKCS #8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018, A.4): the only form the e.firma has.
 * @throws Failure `key-unreadable`
 */
function readSealed(file: Uint8Array): Sealed {
  try {
    if (file.length > LARGEST) throw new RangeError('too large')
    const [algorithm, content] = readPair(readWhole(file, SEQUENCE))
    const [scheme, parameters] = readPair(algorithm)
    if (nameOf(scheme) !== PBES2) throw new RangeError('another scheme')
    const [derivation, encryption] = readPair(parameters)
    const [cipherName, iv] = readPair(encryption)
    const cipher = CIPHERS.get(nameOf(cipherName))
    if (!cipher || iv.tag !== OCTETS || iv.content.length !== cipher.iv || content.tag !== OCTETS)
      throw new RangeError('another cipher')
    return { ...readDerivation(derivation, cipher), cipher, iv: copy(iv.content), content: copy(content.content) }
  } catch {
    throw new Failure('key-unreadable')
  }
}

/** PBKDF2-params: salt, iterations, the key's length where it is said, and the PRF, HMAC-SHA-1 where it is not (RFC 8018, A.2). */
function readDerivation(derivation: Der, cipher: Cipher): Pick<Sealed, 'salt' | 'iterations' | 'hash'> {
  const [name, parameters] = readPair(derivation)
  if (nameOf(name) !== PBKDF2) throw new RangeError('another derivation')
  const [salt, count, ...rest] = readItems(parameters)
  const iterations = count ? readNumber(count) : 0
  if (salt?.tag !== OCTETS || iterations < 1 || iterations > MOST_ITERATIONS) throw new RangeError('another derivation')
  const length = rest[0]?.tag === INTEGER ? readNumber(rest.shift()!) : cipher.key
  const prf = rest.shift()
  const hash = prf ? readPrf(prf) : 'SHA-1'
  if (length !== cipher.key || !hash || rest.length > 0) throw new RangeError('another derivation')
  return { salt: copy(salt.content), iterations, hash }
}

/** Its parameters are NULL, or left out. */
function readPrf(prf: Der): Hash | undefined {
  const [name, parameters, more] = readItems(prf)
  if (prf.tag !== SEQUENCE || more || (parameters && (parameters.tag !== NULL || parameters.content.length > 0)))
    return undefined
  return HASHES.get(nameOf(name))
}

function readPair(value: Der): [Der, Der] {
  const [first, second, more] = readItems(value)
  if (value.tag !== SEQUENCE || !first || !second || more) throw new RangeError('not two parts')
  return [first, second]
}

function nameOf(value: Der | undefined): string {
  if (value?.tag !== OID) throw new RangeError('not an identifier')
  return toHex(value.content)
}
