import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue, TAG } from '#trust/der/read.ts'
import { type AlgorithmIdentifier, parseAlgorithm } from './algorithm.ts'

export type Hash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

export interface SignatureScheme {
  kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'dsa' | 'ed25519' | 'ed448'
  /** Undefined where the scheme hashes for itself (Ed25519, Ed448). */
  hash?: Hash
  /** Of RSA-PSS, in bytes. */
  saltLength?: number
}

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  [OID.sha1WithRsa, { kind: 'rsa', hash: 'sha1' }],
  [OID.sha224WithRsa, { kind: 'rsa', hash: 'sha224' }],
  [OID.sha256WithRsa, { kind: 'rsa', hash: 'sha256' }],
  [OID.sha384WithRsa, { kind: 'rsa', hash: 'sha384' }],
  [OID.sha512WithRsa, { kind: 'rsa', hash: 'sha512' }],
  [OID.ecdsaWithSha1, { kind: 'ecdsa', hash: 'sha1' }],
  [OID.ecdsaWithSha256, { kind: 'ecdsa', hash: 'sha256' }],
  [OID.ecdsaWithSha384, { kind: 'ecdsa', hash: 'sha384' }],
  [OID.ecdsaWithSha512, { kind: 'ecdsa', hash: 'sha512' }],
  [OID.dsaWithSha1, { kind: 'dsa', hash: 'sha1' }],
  [OID.dsaWithSha224, { kind: 'dsa', hash: 'sha224' }],
  [OID.dsaWithSha256, { kind: 'dsa', hash: 'sha256' }],
  [OID.ed25519, { kind: 'ed25519' }],
  [OID.ed448, { kind: 'ed448' }],
])

const HASHES: ReadonlyMap<string, Hash> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha224, 'sha224'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
])

/** The hash that an identifier names, undefined for those not accepted here (MD5 among them). */
export const hashOf = (oid: string): Hash | undefined => HASHES.get(oid)

/** What a signature algorithm asks for; undefined where it is unknown or its parameters are not what they must be. */
export function schemeOf(algorithm: AlgorithmIdentifier): SignatureScheme | undefined {
  if (algorithm.oid === OID.rsaPss) return readPss(algorithm)
  const scheme = SCHEMES.get(algorithm.oid)
  if (!scheme || !algorithm.params) return scheme
  // NULL belongs to RSA (RFC 4055, 5); everything else has no parameters (RFC 5758, 8410), old DSA signatures a NULL.
  const isNull = algorithm.params.tag === TAG.null
  return isNull && (scheme.kind === 'rsa' || scheme.kind === 'dsa') ? scheme : undefined
}

function readPss({ params }: AlgorithmIdentifier): SignatureScheme | undefined {
  try {
    return params && parsePssParams(params)
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** RSASSA-PSS-params (RFC 4055, 3.1): one hash for the message and for MGF1, trailer 1. */
function parsePssParams(params: DerValue): SignatureScheme | undefined {
  const cursor = params.sequence()
  const hashField = cursor.optional(context(0))
  const maskField = cursor.optional(context(1))
  const saltLength = cursor.optional(context(2))?.explicit().smallInteger() ?? 20
  const trailer = cursor.optional(context(3))?.explicit().smallInteger() ?? 1
  cursor.done()
  const hash = hashField ? hashOf(parseAlgorithm(hashField.explicit()).oid) : 'sha1'
  const maskHash = maskField ? maskHashOf(maskField.explicit()) : 'sha1'
  if (!hash || hash !== maskHash || trailer !== 1 || saltLength < 0 || saltLength > 512) return undefined
  return { kind: 'rsa-pss', hash, saltLength }
}

function maskHashOf(value: DerValue): Hash | undefined {
  const mask = parseAlgorithm(value)
  return mask.oid === OID.mgf1 && mask.params ? hashOf(parseAlgorithm(mask.params).oid) : undefined
}
