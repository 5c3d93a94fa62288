import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { CmsError, readSignedData, type SignedData, type SignerInfo } from '#trust/cms/read-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import type { DerValue } from '#trust/der/read.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, noData } from '#trust/validation/facts.ts'
import { archiveImprint } from './archive-imprint.ts'
import { type DigestOf, digestOfBytes } from './digest-content.ts'
import { dataCovered } from './evidence.ts'
import { type Covered, finderOf, type HashIndex, readHashIndex } from './hash-index.ts'

/** Of each kind over one signature: renewals for longer than anything lasts. And of all in a message: each costs a verification. */
const MOST_STAMPS = 64
const MOST_IN_MESSAGE = 256

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

function indexOf({ bytes }: DerValue): HashIndex | undefined {
  try {
    return readHashIndex(readSignedData(bytes))
  } catch (error) {
    if (error instanceof CmsError) return undefined
    throw error
  }
}

const tokensOf = ({ unsignedAttributes }: SignerInfo, type: string): DerValue[] =>
  (unsignedAttributes?.values.get(type) ?? []).slice(0, MOST_STAMPS)

/** All time-stamps over one signature of a message. Never throws for what the bytes are. */
export function verifyStamps(data: SignedData, signer: SignerInfo, digestOf: DigestOf | undefined): Stamps {
  const share = Math.floor(MOST_IN_MESSAGE / (2 * data.signers.length))
  const overSignature = digestOfBytes(signer.signature)
  const signatureStamps = tokensOf(signer, OID.signatureTimeStampToken)
    .slice(0, share)
    .map((value): StampCheck => {
      const { timestamp, detail } = verifyToken(value.bytes, overSignature)
      return { value, detail, stamp: timestamp && { kind: 'signature', report: timestamp, covers: noData() } }
    })
  const find = finderOf(data, signer)
  const archiveStamps = archiveTokensOf(signer)
    .slice(0, share)
    .map((token) => verifyArchive(token, { data, signer, digestOf, find }))
  const all = [...signatureStamps, ...archiveStamps]
  return {
    timestamps: inOrder(all),
    refused: all.flatMap(({ stamp, detail }) => (stamp ? [] : [detail])),
  }
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
}

function verifyArchive({ value, index }: ArchiveToken, { data, signer, digestOf, find }: ArchiveQuestion): StampCheck {
  const refuse = (detail: string): StampCheck => ({ value, detail, stamp: undefined })
  if (!index) return refuse('it does not say what it covers')
  if (!digestOf) return refuse('what is signed is not here')
  const covered = find(index)
  if (!covered) return refuse('it covers what is not there')
  // One algorithm for the index and the imprint (5.5.2): another would be weaker than what is stamped.
  const imprint = (hash: Hash): Buffer =>
    hash === index.hash ? archiveImprint(data, signer, index.der, digestOf, hash) : Buffer.alloc(0)
  const { timestamp, detail } = verifyToken(value.bytes, imprint)
  if (!timestamp) return refuse(detail)
  return { value, detail, covered, stamp: { kind: 'archive', report: timestamp, covers: dataCovered(covered) } }
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
