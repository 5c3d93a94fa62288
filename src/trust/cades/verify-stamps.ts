import { createHash } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { CmsError, readSignedData, type SignedData, type SignerInfo } from '#trust/cms/read-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import type { DerValue } from '#trust/der/read.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, noData } from '#trust/validation/facts.ts'
import { archiveImprint } from './archive-imprint.ts'
import type { DigestOf } from './digest-content.ts'
import { dataCovered } from './evidence.ts'
import { type Covered, finderOf, type HashIndex, readHashIndex } from './hash-index.ts'

/** A renewal every two years for longer than anything lasts; what is beyond is not read. */
const MOST_STAMPS = 64

export interface Stamps {
  /** Those that stamp what they stand beside: before each that covers it, the others by their time. */
  timestamps: CoveringTimestamp[]
  /** Why each of the others is left out, as the end of a sentence. */
  refused: string[]
}

/** A token in the message, and what it says that it covers. */
interface ArchiveToken {
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
  const refused: string[] = []
  const known = new Map<DerValue, CoveringTimestamp>()
  const overSignature = (hash: Hash): Buffer => createHash(hash).update(signer.signature).digest()
  for (const value of tokensOf(signer, OID.signatureTimeStampToken)) {
    const { timestamp, detail } = verifyToken(value.bytes, overSignature)
    if (timestamp) known.set(value, { kind: 'signature', report: timestamp, covers: noData() })
    else refused.push(detail)
  }
  const find = finderOf(data, signer)
  const covered = new Map<CoveringTimestamp, Covered>()
  for (const { value, index } of archiveTokensOf(signer)) {
    const found = index && find(index)
    if (!index || !found || !digestOf) {
      refused.push(index && !found ? 'it covers what is not there' : 'it does not say what it covers')
      continue
    }
    // One algorithm for the index and the imprint (5.5.2): another would be weaker than what is stamped.
    const imprint = (hash: Hash): Buffer =>
      hash === index.hash ? archiveImprint(data, signer, index.der, digestOf, hash) : Buffer.alloc(0)
    const { timestamp, detail } = verifyToken(value.bytes, imprint)
    if (!timestamp) {
      refused.push(detail)
      continue
    }
    const stamp: CoveringTimestamp = { kind: 'archive', report: timestamp, covers: dataCovered(found) }
    known.set(value, stamp)
    covered.set(stamp, found)
  }
  return { timestamps: inOrder(known, covered), refused }
}

/** What covers more comes later: an index that names a time-stamp names all that was there before it. */
function inOrder(
  known: ReadonlyMap<DerValue, CoveringTimestamp>,
  covered: ReadonlyMap<CoveringTimestamp, Covered>,
): CoveringTimestamp[] {
  const named = new Map<CoveringTimestamp, Set<CoveringTimestamp>>()
  const stampsUnder = (stamp: CoveringTimestamp): Set<CoveringTimestamp> => {
    const before = named.get(stamp)
    if (before) return before
    const direct = (covered.get(stamp)?.attributes ?? []).flatMap(({ value }) => known.get(value) ?? [])
    const all = new Set<CoveringTimestamp>()
    named.set(stamp, all)
    for (const each of direct) for (const under of [each, ...stampsUnder(each)]) all.add(under)
    return all
  }
  const all = [...known.values()]
  for (const stamp of all) if (stamp.kind === 'archive') stamp.coversStamps = stampsUnder(stamp)
  const weight = (stamp: CoveringTimestamp): number => (stamp.kind === 'archive' ? 1 + stampsUnder(stamp).size : 0)
  return all.toSorted((a, b) => weight(a) - weight(b) || a.report.time.getTime() - b.report.time.getTime())
}
