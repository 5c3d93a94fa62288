import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { Log } from '#kernel/log.ts'
import { writeTogether } from '#kernel/write-together.ts'
import type { SealUse, WriteUse } from './seal.ts'
import { tables } from './tables.ts'

interface DatedUse extends SealUse {
  at: Date
}

/**
 * The record of uses: a log line and a row of `seals.use`, in a transaction of its own, so that no rollback takes it away. Never await
 * it inside a transaction.
 */
export function openUseRecord({ db, clock, log }: { db: Database; clock: Clock; log: Pick<Log, 'info'> }): WriteUse {
  const write = writeTogether(async (uses: readonly DatedUse[]) => {
    await tables(db).insertInto('seals.use').values(uses.map(rowOf)).execute()
    return uses.map(({ seal, kind, digest, signed }) =>
      log.info({ seal, kind, digest: hex(digest), signed: hex(signed) }, 'seal used'),
    )
  })
  return (use) => write({ ...use, at: clock.now() })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const rowOf = (use: DatedUse) => ({
  id: newId(),
  seal: use.seal,
  certificate_sha256: Buffer.from(use.certificate, 'hex'),
  kind: use.kind,
  content_sha256: Buffer.from(use.digest),
  signed_sha256: Buffer.from(use.signed),
  at: use.at,
})
