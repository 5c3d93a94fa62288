import { stopwatch } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { readTimestampRequest, writeTimestampRequest } from '#trust/timestamp/request.ts'
import { type Asking, askAuthority, checkAnswer, hashOfLength } from './ask-authority.ts'
import type { TimestampAuthority } from './authority.ts'
import { ownSource, type Purpose, type TimestampSource } from './read-sources.ts'

/** A time-stamp token (RFC 3161, DER) over this SHA-256 or SHA-512, or nothing where all are silent: that costs the level, never the act. */
export type StampDigest = (digest: Uint8Array) => Promise<Uint8Array | undefined>

export interface StampingParts extends Asking {
  /** In the order in which they are asked. */
  sources: readonly TimestampSource[]
  /** Behind the source `own`. */
  own: TimestampAuthority | undefined
  log: Pick<Log, 'warn'>
  /** Seconds that only go forward. */
  elapsed?: () => number
}

/** One who may be asked, wherever it is. */
interface Stamper {
  name: string
  /** Passed over for a while after it failed. */
  rests: boolean
  stamp(digest: Uint8Array): Promise<Uint8Array>
}

/** Seconds for which a source that failed is passed over: whoever signs does not wait for it again and again. */
const REST_SECONDS = 30

/** For one purpose the sources that serve it, one after the other; undefined where there is none. */
export function openStamping(parts: StampingParts, purpose: Purpose): StampDigest | undefined {
  const stampers = stampersFor(parts, purpose)
  if (stampers.length === 0) return undefined
  const elapsed = parts.elapsed ?? stopwatch()
  const restsUntil = new Map<Stamper, number>()
  return async (digest) => {
    for (const stamper of stampers) {
      if ((restsUntil.get(stamper) ?? 0) > elapsed()) continue
      try {
        const token = await stamper.stamp(digest)
        restsUntil.delete(stamper)
        return token
      } catch (error) {
        if (stamper.rests) restsUntil.set(stamper, elapsed() + REST_SECONDS)
        parts.log.warn({ err: error, source: stamper.name, purpose }, 'a time-stamp authority does not stamp')
      }
    }
    return undefined
  }
}

function stampersFor({ sources, own, ...asking }: StampingParts, purpose: Purpose): Stamper[] {
  const serving = sources.filter((source) => source.purposes.includes(purpose))
  return serving.flatMap((source): Stamper[] => {
    const { name } = source
    if (source.url !== ownSource.url)
      return [{ name, rests: true, stamp: (digest) => askAuthority(source, digest, asking) }]
    return own ? [{ name, rests: false, stamp: (digest) => askOwn(own, digest) }] : []
  })
}

/** What the key signed is verified like anybody's. */
async function askOwn(own: TimestampAuthority, digest: Uint8Array): Promise<Uint8Array> {
  const query = writeTimestampRequest({ hash: hashOfLength(digest), digest, wantsCertificates: true })
  const answer = await own.answer(query)
  return checkAnswer(answer, readTimestampRequest(query), ownSource, { authorities: [], now: undefined })
}
