import { createHash } from 'node:crypto'
import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { type Hash, hashOf } from '#trust/certificate/signature-scheme.ts'
import { atMost } from '#trust/cms/read-attributes.ts'
import type { SignedData, SignerInfo } from '#trust/cms/read-signed-data.ts'
import { digestIdentifier, type SigningHash } from '#trust/cms/signature-algorithm.ts'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, TAG } from '#trust/der/read.ts'
import { octets, sequence } from '#trust/der/write.ts'
import { orNone } from './or-none.ts'

/** ATSHashIndexV3 (EN 319 122-1, 5.5.2): which parts of the message, outside of what is signed, an archive time-stamp covers. */
export interface HashIndex {
  hash: Hash
  /** Base64 of the digests. */
  certificates: ReadonlySet<string>
  revocation: ReadonlySet<string>
  attributes: ReadonlySet<string>
  /** As it stands in the token: what the time-stamp is made over. */
  der: Buffer
}

const digestOf = (hash: Hash, ...parts: Uint8Array[]): Buffer => {
  const running = createHash(hash)
  for (const part of parts) running.update(part)
  return running.digest()
}

export interface AttributeValue {
  type: string
  value: DerValue
}

/** The digest of each value of each unsigned attribute, behind its type. */
const hashAttributes = ({ unsignedAttributes }: SignerInfo, hash: Hash): Array<[Buffer, AttributeValue]> =>
  (unsignedAttributes?.items ?? []).flatMap(({ type, typeValue, values }) =>
    values.map((value): [Buffer, AttributeValue] => [digestOf(hash, typeValue.bytes, value.bytes), { type, value }]),
  )

const hashAll = (items: readonly Buffer[], hash: Hash): Array<[Buffer, Buffer]> =>
  items.map((each) => [digestOf(hash, each), each])

/** The index over all that is there now. */
export function writeHashIndex({ choices }: SignedData, signer: SignerInfo, hash: SigningHash): Buffer {
  const list = (hashed: Array<[Buffer, unknown]>): Buffer =>
    sequence(...hashed.map(([digest]) => octets(digest)).toSorted(Buffer.compare))
  return sequence(
    digestIdentifier(hash),
    list(hashAll(choices.certificates, hash)),
    list(hashAll(choices.revocation, hash)),
    list(hashAttributes(signer, hash)),
  )
}

/** The one index that the signer of a token carries; undefined where there is none, several or one of another form. */
export function readHashIndex(token: SignedData): HashIndex | undefined {
  const values = token.signers[0]?.unsignedAttributes?.values.get(OID.atsHashIndexV3)
  return values?.length === 1 ? orNone(() => parseHashIndex(values[0]!)) : undefined
}

/** More than a message has of each kind: none of it would be found. */
const MOST_NAMED = [200, 500, 4096]

function parseHashIndex(value: DerValue): HashIndex | undefined {
  const fields = value.sequence()
  const hash = hashOf(parseAlgorithm(fields.next(TAG.sequence)).oid)
  const lists = MOST_NAMED.map(
    (most) => new Set(atMost(fields.next(TAG.sequence), most, 'bad-attributes').map(readDigest)),
  )
  fields.done()
  const [certificates, revocation, attributes] = lists as [Set<string>, Set<string>, Set<string>]
  return hash && { hash, certificates, revocation, attributes, der: value.bytes }
}

const readDigest = (value: DerValue): string => value.octets().toString('base64')

export interface Covered {
  certificates: Buffer[]
  /** RevocationInfoChoices. */
  revocation: Buffer[]
  attributes: AttributeValue[]
}

type ByDigest<T> = ReadonlyMap<string, T>

export interface HashedChoices {
  certificates: ByDigest<Buffer>
  revocation: ByDigest<Buffer>
}

/** The certificates and lists of a message by their digests: hashed once with each algorithm, for all signers. */
export const choicesByDigest = ({ choices }: SignedData): ((hash: Hash) => HashedChoices) =>
  onceForEach((hash) => ({
    certificates: byDigest(hashAll(choices.certificates, hash)),
    revocation: byDigest(hashAll(choices.revocation, hash)),
  }))

/**
 * Finds what indexes of one signer name. Undefined where an index names anything that is not there: something was taken away or
 * changed since, and it is not valid (EN 319 122-1, 5.5.2).
 */
export function finderOf(
  choicesOf: (hash: Hash) => HashedChoices,
  signer: SignerInfo,
): (index: HashIndex) => Covered | undefined {
  const attributesOf = onceForEach((hash) => byDigest(hashAttributes(signer, hash)))
  return (index) => {
    const choices = choicesOf(index.hash)
    const certificates = pick(choices.certificates, index.certificates)
    const revocation = pick(choices.revocation, index.revocation)
    const attributes = pick(attributesOf(index.hash), index.attributes)
    return certificates && revocation && attributes && { certificates, revocation, attributes }
  }
}

function onceForEach<T>(make: (hash: Hash) => T): (hash: Hash) => T {
  const made = new Map<Hash, T>()
  return (hash) => {
    const known = made.get(hash) ?? make(hash)
    made.set(hash, known)
    return known
  }
}

export const sizeOf = ({ certificates, revocation, attributes }: Covered): number =>
  [...certificates, ...revocation, ...attributes.map(({ value }) => value.content)].reduce(
    (sum, each) => sum + each.length,
    0,
  )

const byDigest = <T>(items: Array<[Buffer, T]>): Map<string, T> =>
  new Map(items.map(([digest, item]) => [digest.toString('base64'), item]))

function pick<T>(parts: ReadonlyMap<string, T>, wanted: ReadonlySet<string>): T[] | undefined {
  const found: T[] = []
  for (const digest of wanted) {
    const part = parts.get(digest)
    if (part === undefined) return undefined
    found.push(part)
  }
  return found
}
