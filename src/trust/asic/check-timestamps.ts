import { evidenceOf } from '#trust/cades/evidence.ts'
import { digestOfBytes } from '#trust/cms/digest-content.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type CoveringTimestamp, joinData, noData } from '#trust/validation/facts.ts'
import type { AsicSignature, AsicTimestamp } from './asic-report.ts'
import type { CheckedManifest } from './check-references.ts'
import type { Container } from './open-container.ts'

/** Bytes of a token. */
const LARGEST_TOKEN = 4 * 1024 * 1024

export const isTimestamp = ({ signature }: Pick<CheckedManifest, 'signature'>): boolean => /\.tst$/i.test(signature)

/** Tokens over manifests, in the order of their times. */
export function checkTimestamps({ entries }: Container, manifests: readonly CheckedManifest[]): AsicTimestamp[] {
  return (
    manifests
      .filter(isTimestamp)
      .map(({ entry, bytes, references, signature: file }): AsicTimestamp => {
        const { check, ...referred } = references
        const entryOfToken = entries.get(file)
        const token = entryOfToken && entryOfToken.size <= LARGEST_TOKEN ? entryOfToken.read() : undefined
        const { timestamp, detail } = token
          ? verifyToken(token, digestOfBytes(bytes))
          : { timestamp: undefined, detail: 'the time-stamp is missing' }
        return {
          ...referred,
          kind: /ASiCArchiveManifest/i.test(entry.name) ? 'archive' : 'content',
          file,
          manifest: entry.name,
          sound: timestamp?.sound === true && check.ok,
          detail: check.ok ? detail : check.detail,
          report: timestamp,
          evidence: token && timestamp ? evidenceOf(readSignedData(token)) : noData(),
        }
      })
      // Of one second, the one that covers more is the later.
      .toSorted((a, b) => timeOf(a) - timeOf(b) || a.covers.length - b.covers.length)
  )
}

const timeOf = ({ report }: AsicTimestamp): number => report?.time.getTime() ?? 0

/**
 * A signature with the archive time-stamps that prove its age: those over the message, its manifest and all that it refers to (A.7).
 * Each also covers what is in the message, and in earlier tokens that it refers to.
 */
export function withArchives(signature: AsicSignature, timestamps: readonly AsicTimestamp[]): AsicSignature {
  const { facts, file, manifest, covers, evidence, level } = signature
  const needed = manifest === undefined ? undefined : [file, manifest, ...covers]
  const covering: Array<{ entry: string; stamp: CoveringTimestamp }> = []
  for (const archive of timestamps) {
    const { kind, sound, report, covers: referred } = archive
    if (kind !== 'archive' || !sound || !report || !needed || !coversAll(archive, needed)) continue
    const earlier = timestamps.filter((each) => each !== archive && referred.includes(each.file))
    const under = covering.filter(({ entry }) => referred.includes(entry)).map(({ stamp }) => stamp)
    covering.push({
      entry: archive.file,
      stamp: {
        kind: 'archive',
        report,
        covers: earlier.map((each) => each.evidence).reduce(joinData, evidence),
        coversStamps: new Set([...facts.timestamps, ...under]),
      },
    })
  }
  const archives = covering.map(({ stamp }) => stamp)
  const lasts = level === 'B-LT' && archives.some(({ report }) => report.sound)
  return {
    ...signature,
    level: lasts ? 'B-LTA' : level,
    facts: { ...facts, timestamps: [...facts.timestamps, ...archives] },
  }
}

function coversAll({ covers }: AsicTimestamp, names: readonly string[]): boolean {
  const all = new Set(covers)
  return names.every((name) => all.has(name))
}
