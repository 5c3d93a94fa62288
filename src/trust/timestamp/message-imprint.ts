import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { type Hash, hashOf } from '#trust/certificate/signature-scheme.ts'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, TAG } from '#trust/der/read.ts'
import { octets, oid, sequence } from '#trust/der/write.ts'
import { TimestampError } from './errors.ts'

/** What is stamped: a digest (RFC 3161, 2.4.1). */
export interface MessageImprint {
  hash: Hash
  digest: Buffer
  /** As it stands in the request: a token repeats it byte by byte. */
  der: Buffer
}

const LENGTHS: Record<Hash, number> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 }

/** Throws DerError, and TimestampError where the algorithm is not known here or the digest is not as long as its own. */
export function readImprint(value: DerValue): MessageImprint {
  const fields = value.sequence()
  const algorithm = parseAlgorithm(fields.next())
  const digest = fields.next(TAG.octetString).octets()
  fields.done()
  const hash = hashOf(algorithm.oid)
  // Absent or NULL (RFC 5754, 2); anything else would be another algorithm.
  const isPlain = algorithm.params === undefined || (algorithm.params.tag === TAG.null && algorithm.params.length === 0)
  if (!hash || !isPlain) throw new TimestampError('badAlg', 'a digest algorithm that is not accepted')
  if (digest.length !== LENGTHS[hash])
    throw new TimestampError('badDataFormat', 'a digest of another length than its algorithm’s')
  return { hash, digest, der: value.bytes }
}

/** @param digest as long as the algorithm's */
export const writeImprint = (hash: Hash, digest: Uint8Array): Buffer =>
  sequence(sequence(oid(OID[hash])), octets(digest))
