import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { type DigestOf, digestOfBytes } from '#trust/cms/digest-content.ts'
import { readSignedData, type SignedData, type SignerInfo } from '#trust/cms/read-signed-data.ts'
import { isNamedBy } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import type { DerValue } from '#trust/der/read.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, noData } from '#trust/validation/facts.ts'
import { archiveImprint } from './archive-imprint.ts'
import { dataCovered } from './evidence.ts'
import { type Covered, finderOf, type HashedChoices, type HashIndex, readHashIndex, sizeOf } from './hash-index.ts'
import { orNone } from './or-none.ts'

/** Of each kind over one signature: renewals for longer than anything lasts. */
const MOST_STAMPS = 64
/** Of all in a message: each costs a verification, and what it covers is hashed. */
const MOST_IN_MESSAGE = 256
const MOST_BYTES = 128 * 1024 * 1024

export interface Stamps {
  /** Those that stamp what they stand beside: before each that covers it, the others by their time. */
  timestamps: CoveringTimestamp[]
  /** Why each of the others is left out, as the end of a sentence. */
  refused: string[]
}

/** A token in the message, and what it says that it covers. */
export interface ArchiveToken {
  value: DerValue
  index: HashIndex | undefined
}

export function archiveTokensOf(signer: SignerInfo): ArchiveToken[] {
  return tokensOf(signer, OID.archiveTimestampV3).map((value) => ({ value, index: indexOf(value) }))
}

const indexOf = ({ bytes }: DerValue): HashIndex | undefined => orNone(() => readHashIndex(readSignedData(bytes)))

const tokensOf = ({ unsignedAttributes }: SignerInfo, type: string): DerValue[] =>
  (unsignedAttributes?.values.get(type) ?? []).slice(0, MOST_STAMPS)

const countOf = ({ unsignedAttributes }: SignerInfo): number =>
  [OID.signatureTimeStampToken, OID.archiveTimestampV3].reduce(
    (sum, type) => sum + (unsignedAttributes?.values.get(type)?.length ?? 0),
    0,
  )

export interface StampsQuestion {
  data: SignedData
  signer: SignerInfo
  /** Hashes the content; undefined where it is not here. */
  digestOf: DigestOf | undefined
  choicesOf: (hash: Hash) => HashedChoices
  /** Those of the message: a token need not carry its authority's. */
  certificates: readonly Certificate[]
}

/** All time-stamps over one signature of a message. Never throws for what the bytes are. */
export function verifyStamps(question: StampsQuestion): Stamps {
  const { data, signer, digestOf, choicesOf, certificates } = question
  if (!signer.unsignedAttributes) return { timestamps: [], refused: [] }
  const share = Math.floor(MOST_IN_MESSAGE / (2 * data.signers.length))
  const overSignature = digestOfBytes(signer.signature)
  const signatureStamps = tokensOf(signer, OID.signatureTimeStampToken)
    .slice(0, share)
    .map((value): StampCheck => {
      const { timestamp, detail } = verifyToken(value.bytes, overSignature, knownFor(value, certificates))
      return { value, detail, stamp: timestamp && { kind: 'signature', report: timestamp, covers: noData() } }
    })
  const find = finderOf(choicesOf, signer)
  const left = { bytes: MOST_BYTES / data.signers.length }
  const archiveStamps = archiveTokensOf(signer)
    .slice(0, share)
    .map((token) => verifyArchive(token, { data, signer, digestOf, find, left, certificates }))
  const all = [...signatureStamps, ...archiveStamps]
  const refused = all.flatMap(({ stamp, detail }) => (stamp ? [] : [detail]))
  if (all.length < countOf(signer)) refused.push('there are more time-stamps than are read')
  return { timestamps: inOrder(all), refused }
}

interface StampCheck {
  value: DerValue
  detail: string
  /** Undefined where it stamps something else, or does not say what. */
  stamp: CoveringTimestamp | undefined
  covered?: Covered
}

interface ArchiveQuestion {
  data: SignedData
  signer: SignerInfo
  digestOf: DigestOf | undefined
  find: (index: HashIndex) => Covered | undefined
  left: { bytes: number }
  certificates: readonly Certificate[]
}

function verifyArchive({ value, index }: ArchiveToken, question: ArchiveQuestion): StampCheck {
  const { data, signer, digestOf, find, left, certificates } = question
  const refuse = (detail: string): StampCheck => ({ value, detail, stamp: undefined })
  if (!index) return refuse('it does not say what it covers')
  if (!digestOf) return refuse('what is signed is not here')
  const covered = find(index)
  if (!covered) return refuse('it covers what is not there')
  left.bytes -= sizeOf(covered)
  if (left.bytes < 0) return refuse('the time-stamps cover more than is read')
  // One algorithm for the index and the imprint (5.5.2): another would be weaker than what is stamped.
  const imprint = (hash: Hash): Buffer =>
    hash === index.hash ? archiveImprint(data, signer, index.der, digestOf, hash) : Buffer.alloc(0)
  const { timestamp, detail } = verifyToken(value.bytes, imprint, knownFor(value, certificates))
  if (!timestamp) return refuse(detail)
  return { value, detail, covered, stamp: { kind: 'archive', report: timestamp, covers: dataCovered(covered) } }
}

/** More of one name and number than any authority has. */
const MOST_NAMED = 4

function knownFor({ bytes }: DerValue, certificates: readonly Certificate[]): { known: Buffer[] } {
  const token = orNone(() => readSignedData(bytes))
  const signer = token?.certificates.length === 0 ? token.signers[0] : undefined
  const named = signer ? certificates.filter((each) => isNamedBy(signer, each)).slice(0, MOST_NAMED) : []
  return { known: named.map(({ der }) => der) }
}

/** What covers more comes later: an index that names a time-stamp names all that was there before it. */
function inOrder(checks: readonly StampCheck[]): CoveringTimestamp[] {
  const byValue = new Map(checks.map(({ value, stamp }) => [value, stamp]))
  const covered = new Map(checks.map(({ stamp, covered }) => [stamp, covered]))
  const under = new Map<CoveringTimestamp, Set<CoveringTimestamp>>()
  const stampsUnder = (stamp: CoveringTimestamp): Set<CoveringTimestamp> => {
    const known = under.get(stamp)
    if (known) return known
    const all = new Set<CoveringTimestamp>()
    under.set(stamp, all)
    for (const { value } of covered.get(stamp)?.attributes ?? []) {
      const direct = byValue.get(value)
      if (direct) for (const each of [direct, ...stampsUnder(direct)]) all.add(each)
    }
    return all
  }
  const all = checks.flatMap(({ stamp }) => stamp ?? [])
  for (const stamp of all) if (stamp.kind === 'archive') stamp.coversStamps = stampsUnder(stamp)
  const weight = (stamp: CoveringTimestamp): number => (stamp.kind === 'archive' ? 1 + stampsUnder(stamp).size : 0)
  return all.toSorted((a, b) => weight(a) - weight(b) || a.report.time.getTime() - b.report.time.getTime())
}
