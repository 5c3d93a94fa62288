import { type Der, OCTETS, OID, readItems, readNumber, readWhole, SEQUENCE, toHex } from './der.ts'
import { Failure } from './failure.ts'
import { openTripleDes } from './triple-des.ts'

const PBES2 = '2a864886f70d01050d'
const PBKDF2 = '2a864886f70d01050c'
const HASHES: Record<string, string> = { '2a864886f70d0207': 'SHA-1', '2a864886f70d0209': 'SHA-256' }
const TRIPLE_DES = '2a864886f70d0307'
/** AES-CBC, by its key's bytes. */
const AES: Record<string, number> = { '608648016503040102': 16, '608648016503040116': 24, '60864801650304012a': 32 }
const MOST_ITERATIONS = 10_000_000
const LARGEST = 65_536

interface Sealed {
  salt: Uint8Array<ArrayBuffer>
  iterations: number
  hash: string
  cipher: string
  iv: Uint8Array<ArrayBuffer>
  content: Uint8Array<ArrayBuffer>
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

/**
 * PKCS #8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018): the only form the e.firma has.
 * @throws Failure `key-is-certificate`, `key-unreadable`
 */
function readSealed(file: Uint8Array): Sealed {
  try {
    if (file.length > LARGEST) throw new RangeError('too large')
    const [algorithm, content] = items(readWhole(file, SEQUENCE), 2)
    if (algorithm.tag === SEQUENCE && content.tag === SEQUENCE) throw new Failure('key-is-certificate')
    const [scheme, parameters] = items(algorithm, 2)
    if (nameOf(scheme) !== PBES2) throw new RangeError('another scheme')
    const [derivation, encryption] = items(parameters, 2)
    const [kdf, kdfParameters] = items(derivation, 2)
    const [salt, iterations, ...rest] = readItems(kdfParameters)
    const prf = rest.find(({ tag }) => tag === SEQUENCE)
    const hash = prf ? HASHES[nameOf(readItems(prf)[0])] : 'SHA-1'
    const [cipher, iv] = items(encryption, 2)
    const count = readNumber(iterations!)
    if (nameOf(kdf) !== PBKDF2 || !hash || count < 1 || count > MOST_ITERATIONS || iv.tag !== OCTETS)
      throw new RangeError('another derivation')
    return {
      salt: copy(salt!.content),
      iterations: count,
      hash,
      cipher: nameOf(cipher),
      iv: copy(iv.content),
      content: copy(content.content),
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('key-unreadable')
  }
}

function items(value: Der, count: number): [Der, Der] {
  const found = readItems(value)
  // A certificate has three parts; a sealed key two.
  if (found.length === 3 && found[0]!.tag === SEQUENCE && found[2]!.tag === 0x03)
    throw new Failure('key-is-certificate')
  if (found.length < count) throw new RangeError('too few parts')
  return [found[0]!, found[1]!]
}

function nameOf(value: Der | undefined): string {
  if (value?.tag !== OID) throw new RangeError('not an identifier')
  return toHex(value.content)
}

/**
 * Opens the key file; what is secret is overwritten as soon as it is not needed, and the key that comes out cannot be exported.
 * @throws Failure `wrong-password-or-key` (from outside the two look the same), `key-unreadable`, `key-is-certificate`
 */
export async function openKey(file: Uint8Array, password: string): Promise<CryptoKey> {
  const sealed = readSealed(file)
  const length = sealed.cipher === TRIPLE_DES ? 24 : AES[sealed.cipher]
  if (length === undefined) throw new Failure('key-unreadable')
  const secret = new TextEncoder().encode(password)
  const { salt, iterations, hash } = sealed
  try {
    const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
    const derived = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, base, length * 8)
    const key = new Uint8Array(derived)
    const plain = await decrypt(sealed, key)
    key.fill(0)
    if (!plain) throw new Failure('wrong-password-or-key')
    try {
      return await crypto.subtle.importKey('pkcs8', plain, ALGORITHM, false, ['sign'])
    } catch {
      throw new Failure('wrong-password-or-key')
    } finally {
      plain.fill(0)
    }
  } finally {
    secret.fill(0)
  }
}

export const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

async function decrypt(
  { cipher, iv, content }: Sealed,
  key: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (cipher === TRIPLE_DES) {
    const plain = openTripleDes(key, iv, content)
    return plain && copy(plain)
  }
  try {
    const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt'])
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aes, content))
  } catch {
    return undefined
  }
}
