import { sql } from 'kysely'
import type { Database, Trx } from '#kernel/database.ts'
import { TILE_WIDTH } from '#trust/merkle/tlog-tiles.ts'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { checkpointText } from '#trust/note/checkpoint.ts'
import { signNote } from '#trust/note/signed-note.ts'
import type { LogKey } from './log-key.ts'
import { readTile } from './read-tiles.ts'
import { tables } from './tables.ts'

/** Where a crash is tried in tests; production passes none. */
export type FaultPoint =
  | 'before-leaves'
  | 'after-leaves'
  | 'after-tiles'
  | 'after-commit'
  | 'before-checkpoint'
  | 'after-checkpoint'
export type FaultAt = (point: FaultPoint) => void | Promise<void>

/** Entries of one round, at most. */
export const BATCH = 4096
const LOCK = 'ledger sequencer'
const noFault: FaultAt = () => {}

/**
 * One round: gives every committed entry that waits its one place, with the tiles it fills, in one transaction; then, when that
 * is durable, signs the checkpoint in another. One sequencer at a time in the whole database. A crash between the two
 * leaves leaves without a checkpoint: the next round signs over them.
 * @returns how many entries were placed; undefined where another sequencer is at work
 */
export async function sequence(db: Database, key: LogKey, fault: FaultAt = noFault): Promise<number | undefined> {
  const placed = await db.transaction().execute(async (trx) => {
    if (!(await takeLock(trx))) return undefined
    await fault('before-leaves')
    const count = await placePending(trx, fault)
    return { count, ...(await measure(trx)) }
  })
  await fault('after-commit')
  if (!placed) return undefined
  if (placed.size > placed.signed || placed.signed < 0) await signCheckpoint(db, key, fault)
  return placed.count
}

async function takeLock(trx: Trx): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${LOCK}, 0)) as taken`.execute(trx)
  return rows[0]!.taken
}

async function measure(trx: Trx): Promise<{ size: number; signed: number }> {
  const { rows } = await sql<{ size: number; signed: number }>`
    select coalesce((select max(position) + 1 from ledger.leaf), 0)::bigint as size, coalesce((select max(size) from ledger.checkpoint), -1)::bigint as signed`.execute(
    trx,
  )
  return rows[0]!
}

async function placePending(trx: Trx, fault: FaultAt): Promise<number> {
  const { rows } = await sql<{
    place: number
    bytes: Buffer
  }>`select place, bytes from ledger.pending order by place limit ${BATCH}`.execute(trx)
  if (rows.length === 0) return 0
  const { size } = await measure(trx)
  const places = rows.map(({ place }) => place)
  await sql`
    insert into ledger.leaf (position, entry_id, bytes)
    select ${size}::bigint + row_number() over (order by place) - 1, entry_id, bytes from ledger.pending where place = any(${places}::bigint[])`.execute(
    trx,
  )
  await fault('after-leaves')
  await fillTiles(
    trx,
    size,
    rows.map(({ bytes }) => bytes),
  )
  await fault('after-tiles')
  const left = await sql<{ count: number }>`select ledger.leave_queue(${places}::bigint[]) as count`.execute(trx)
  if (left.rows[0]!.count !== rows.length) throw new Error('entries left the queue that do not stand in the log')
  return rows.length
}

/** Stores every tile that these entries fill, level by level. */
async function fillTiles(trx: Trx, size: number, entries: readonly Buffer[]): Promise<void> {
  let [start, fresh] = [size, entries.map(hashLeaf)]
  for (let level = 0; fresh.length > 0; level += 1) {
    const first = Math.floor(start / TILE_WIDTH)
    const before = start % TILE_WIDTH
    // Nothing is full yet: the hashes that wait are read from below when they are needed.
    if (before + fresh.length < TILE_WIDTH) return
    const waiting = before === 0 ? [] : ((await readTile(trx, level, first, before)) ?? [])
    if (waiting.length !== before) throw new Error(`level ${level} of the log is incomplete`)
    const all = [...waiting, ...fresh]
    const full = Math.floor(all.length / TILE_WIDTH)
    const tiles = Array.from({ length: full }, (_, i) => all.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH))
    const roots = tiles.map((tile) => rootOf(tile))
    await tables(trx)
      .insertInto('ledger.tile')
      .values(tiles.map((tile, i) => ({ level, position: first + i, hashes: Buffer.concat(tile), root: roots[i]! })))
      .execute()
    ;[start, fresh] = [first, roots]
  }
}

/** Over what is durable only. Two signers of one size would sign the same root: the tree is the same. */
async function signCheckpoint(db: Database, key: LogKey, fault: FaultAt): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (!(await takeLock(trx))) return
    const { size, signed } = await measure(trx)
    if (size <= signed) return
    const root = await rootOfTree(trx, size)
    const note = signNote(checkpointText({ origin: key.origin, size, root }), key.origin, key.privateKey)
    await fault('before-checkpoint')
    await tables(trx).insertInto('ledger.checkpoint').values({ size, root, note }).execute()
  })
  await fault('after-checkpoint')
}

/** From the right edge: each level's hashes that are in no full tile, and the smaller subtree that is left below. */
export async function rootOfTree(queries: Trx | Database, size: number): Promise<Buffer> {
  let rest: Buffer | undefined
  for (let level = 0, count = size; ; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    const edge = width === 0 ? [] : ((await readTile(queries, level, Math.floor(count / TILE_WIDTH), width)) ?? [])
    if (edge.length !== width) throw new Error(`level ${level} of the log is incomplete`)
    const hashes = rest ? [...edge, rest] : edge
    if (hashes.length > 0 || count === 0) rest = count === 0 && rest ? rest : rootOf(hashes)
    if (count < TILE_WIDTH) return rest ?? rootOf([])
  }
}
