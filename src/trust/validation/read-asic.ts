import { type AsicSignatureFacts, asicFacts } from '#trust/asic/asic-facts.ts'
import type { AsicReport, AsicTimestamp } from '#trust/asic/asic-report.ts'
import { verifyAsic } from '#trust/asic/verify-asic.ts'
import type { CoveringTimestamp } from './facts.ts'
import type { FoundSignature, SignedFile } from './signed-file.ts'

/** The signatures of a container, each over the files that its manifest names, then its time-stamps. Never throws for what the bytes are. */
export function readAsic(bytes: Buffer): SignedFile {
  const report = verifyAsic(bytes)
  const coversAll = comparing(report)
  return {
    format: 'asic-e',
    bytes,
    error: report.error,
    signatures: [
      ...asicFacts(report).map((each) => foundSignature(each, coversAll)),
      ...report.timestamps.map((each) => foundStamp(each, report, coversAll)),
    ],
    evidence: report.evidence,
    asic: report,
  }
}

type CoversAll = (covers: readonly string[]) => boolean

/** The signers of one message share what they cover: it is compared once. */
function comparing({ dataObjects }: AsicReport): CoversAll {
  const known = new Map<readonly string[], boolean>()
  return (covers) => {
    const names = known.has(covers) ? undefined : new Set(covers)
    const all = known.get(covers) ?? dataObjects.every(({ name }) => names!.has(name))
    known.set(covers, all)
    return all
  }
}

function foundSignature(
  { signature, facts, constraintFailure }: AsicSignatureFacts,
  coversAll: CoversAll,
): FoundSignature {
  const { file, level, covers, checks } = signature
  return {
    kind: 'signature',
    facts,
    stamp: undefined,
    constraintFailure,
    place: file,
    level,
    covers,
    coversWholeFile: coversAll(covers),
    modifications: constraintFailure === undefined ? 'none' : 'suspicious',
    modificationReasons: constraintFailure === undefined ? [] : [constraintFailure],
    checks,
  }
}

/** Proves the age of what its manifest names; those that cover it prove its own. */
function foundStamp(stamp: AsicTimestamp, report: AsicReport, coversAll: CoversAll): FoundSignature {
  const { file, covers, missing, changed, sound, detail, report: token, evidence } = stamp
  const isOverThese = missing.length + changed.length === 0
  const later = report.timestamps.filter((each) => each.sound && each.report && each.covers.includes(file))
  return {
    kind: 'time-stamp',
    facts: {
      sound,
      failure: sound ? undefined : !isOverThese ? 'HASH_FAILURE' : token ? 'SIG_CRYPTO_FAILURE' : 'FORMAT_FAILURE',
      signer: token?.signer,
      certificates: token?.certificates ?? [],
      claimedTime: token?.time,
      timestamps: later.map((each) => covering(each)),
    },
    stamp: token && isOverThese ? { kind: 'archive', report: token, covers: evidence } : undefined,
    constraintFailure: undefined,
    place: file,
    level: 'none',
    covers,
    coversWholeFile: coversAll(covers),
    modifications: 'none',
    modificationReasons: [],
    checks: [{ name: 'time-stamp', ok: sound, detail }],
  }
}

const covering = ({ report, evidence }: AsicTimestamp): CoveringTimestamp => ({
  kind: 'archive',
  report: report!,
  covers: evidence,
})
