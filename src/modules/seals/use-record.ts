import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { Log } from '#kernel/log.ts'
import type { SealUse, WriteUse } from './seal.ts'
import { tables } from './tables.ts'

interface Waiting {
  use: SealUse
  at: Date
  done(): void
  failed(error: unknown): void
}

/** Of one statement, so that its parameters stay few. */
const MOST_AT_ONCE = 500

/**
 * The record of uses: a log line and a row of `seals.use`, in a transaction of its own, so that no rollback takes it away. Uses that come
 * while one statement is under way share the next: a busy hour costs few commits. Never await it inside a transaction.
 */
export function openUseRecord({ db, clock, log }: { db: Database; clock: Clock; log: Pick<Log, 'info'> }): WriteUse {
  let waiting: Waiting[] = []
  let writing = false

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      try {
        await tables(db).insertInto('seals.use').values(batch.map(rowOf)).execute()
        for (const { use, done } of batch) {
          log.info({ seal: use.seal, kind: use.kind, digest: hex(use.digest), signed: hex(use.signed) }, 'seal used')
          done()
        }
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return (use) =>
    new Promise((done, failed) => {
      waiting.push({ use, at: clock.now(), done, failed })
      if (!writing) void writeAll()
    })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const rowOf = ({ use, at }: Waiting) => ({
  id: newId(),
  seal: use.seal,
  certificate_sha256: Buffer.from(use.certificate, 'hex'),
  kind: use.kind,
  content_sha256: Buffer.from(use.digest),
  signed_sha256: Buffer.from(use.signed),
  at,
})
