import { constants, type KeyObject, verify } from 'node:crypto'
import { DerError } from '#trust/der/errors.ts'
import { OID } from '#trust/der/oids.ts'
import type { AlgorithmIdentifier } from './algorithm.ts'
import type { Certificate } from './parse-certificate.ts'
import { type RsaSize, readRsaSize } from './rsa-key.ts'
import { type SignatureScheme, schemeOf } from './signature-scheme.ts'

/**
 * `weak`: the algorithm or the key is below what is accepted, and nothing was computed. `unsupported`: not known here, or
 * the key is of another kind than the algorithm.
 */
export type SignatureVerdict = 'valid' | 'invalid' | 'weak' | 'unsupported'

export interface StrengthRules {
  /** SHA-1, DSA and RSA keys below 2048 bits: for old corpora only. */
  allowLegacyAlgorithms?: boolean
}

const SMALLEST_RSA = 2048
const SMALLEST_LEGACY_RSA = 512
// Larger ones cost the verifier more than a forger: nobody issues them.
const LARGEST_RSA = 8_192
const LARGEST_EXPONENT = 1n << 64n
/** Of a modulus of 8,192 bits with the exponent 65,537: about half a millisecond. */
const MOST_WORK = 8_192 ** 2 * 17
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/** Verifies `signature` over `data` under an X.509 signature algorithm. Never throws for what the bytes are. */
export function verifySignature(
  algorithm: AlgorithmIdentifier,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  rules: StrengthRules = {},
): SignatureVerdict {
  const scheme = schemeOf(algorithm)
  if (!scheme) return 'unsupported'
  return verifyWithScheme(scheme, key, data, signature, rules)
}

/**
 * The same under a certificate's key. An RSA key is judged by its bytes: to have OpenSSL make it and describe it costs more than half a
 * verification. Throws CertificateError where a key of another kind cannot be read.
 */
export function verifyByCertificate(
  algorithm: AlgorithmIdentifier,
  signer: Certificate,
  data: Uint8Array,
  signature: Uint8Array,
  rules: StrengthRules = {},
): SignatureVerdict {
  const scheme = schemeOf(algorithm)
  if (!scheme) return 'unsupported'
  if (signer.keyAlgorithm.oid !== OID.rsaEncryption)
    return verifyWithScheme(scheme, signer.publicKey, data, signature, rules)
  if (scheme.kind !== 'rsa' && scheme.kind !== 'rsa-pss') return 'unsupported'
  const size = rsaSizeOrNone(signer.keyBits)
  if (!size) return 'unsupported'
  if (isWeakScheme(scheme, rules) || weaknessOfRsa(size, rules)) return 'weak'
  try {
    return verify(scheme.hash ?? null, data, keyInput(scheme, signer.verificationKey), signature) ? 'valid' : 'invalid'
  } catch {
    return 'invalid'
  }
}

function rsaSizeOrNone(keyBits: Buffer): RsaSize | undefined {
  try {
    return readRsaSize(keyBits)
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** The same where the scheme is known by other means, as in CMS. */
export function verifyWithScheme(
  scheme: SignatureScheme,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  rules: StrengthRules = {},
): SignatureVerdict {
  if (!fits(scheme, key)) return 'unsupported'
  if (isWeakScheme(scheme, rules) || weaknessOf(key, rules)) return 'weak'
  try {
    return verify(scheme.hash ?? null, data, keyInput(scheme, key), signature) ? 'valid' : 'invalid'
  } catch {
    return 'invalid'
  }
}

const KEY_TYPES: Record<SignatureScheme['kind'], readonly string[]> = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  dsa: ['dsa'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
}

const fits = (scheme: SignatureScheme, key: KeyObject): boolean =>
  KEY_TYPES[scheme.kind].includes(key.asymmetricKeyType ?? '')

function keyInput(scheme: SignatureScheme, key: KeyObject | string): Parameters<typeof verify>[2] {
  // PKCS #1 v1.5 is what an RSA key does unasked; asking for it costs as much as half a verification.
  if (scheme.kind !== 'rsa-pss') return key
  const how = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
  return typeof key === 'string' ? { key, ...how } : { key, ...how }
}

function isWeakScheme(scheme: SignatureScheme, rules: StrengthRules): boolean {
  return !rules.allowLegacyAlgorithms && (scheme.hash === 'sha1' || scheme.kind === 'dsa')
}

/** Why a key is not accepted, as the end of a sentence; undefined where it is. */
export function weaknessOf(key: KeyObject, { allowLegacyAlgorithms = false }: StrengthRules): string | undefined {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return weaknessOfRsa({ modulusLength, publicExponent }, { allowLegacyAlgorithms })
    case 'ec':
      return CURVES.has(namedCurve) ? undefined : 'an elliptic curve that is not accepted'
    case 'ed25519':
    case 'ed448':
      return undefined
    case 'dsa':
      return allowLegacyAlgorithms ? undefined : 'a DSA key'
    default:
      return 'a kind of key that is not accepted'
  }
}

export function weaknessOfRsa(size: RsaSize, { allowLegacyAlgorithms = false }: StrengthRules): string | undefined {
  const { modulusLength, publicExponent } = size
  if (modulusLength < (allowLegacyAlgorithms ? SMALLEST_LEGACY_RSA : SMALLEST_RSA) || modulusLength > LARGEST_RSA)
    return `an RSA key of ${modulusLength} bits`
  if (publicExponent < 3n || publicExponent % 2n === 0n || publicExponent > LARGEST_EXPONENT)
    return 'an RSA key with an exponent nobody uses'
  if (modulusLength ** 2 * publicExponent.toString(2).length > MOST_WORK)
    return 'an RSA key that costs more to verify than anyone needs'
  return undefined
}
