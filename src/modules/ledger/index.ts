import type { Trx } from '#kernel/database.ts'
import { type Appended, appendActs } from './append.ts'
import type { Act } from './entry.ts'

export { type Appended, appendActs } from './append.ts'
export { type Act, commitTo, type Entry, readEntry } from './entry.ts'
export { type LogKey, openLogKey } from './log-key.ts'
export {
  countPending,
  type Ledger,
  type LogProof,
  lastEntryAt,
  logSize,
  openLedger,
  readCheckpoint,
} from './open-ledger.ts'
export { readEntries, readTile } from './read-tiles.ts'
export { type FaultAt, type FaultPoint, rootOfTree, sequence } from './sequence.ts'

/** One act, in its own transaction. */
export async function append(trx: Trx, act: Act): Promise<Appended> {
  const [appended] = await appendActs(trx, [act])
  return appended!
}
