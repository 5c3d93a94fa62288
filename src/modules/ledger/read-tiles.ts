import { sql } from 'kysely'
import type { Queries } from '#kernel/database.ts'
import { TILE_WIDTH } from '#trust/merkle/tlog-tiles.ts'
import { HASH_BYTES, hashLeaf, rootOf, type SubtreeHash } from '#trust/merkle/tree.ts'
import { tables } from './tables.ts'

/** The hashes of a tile, `width` of them; full tiles from their row, partial ones from the leaves or the roots below. */
export async function readTile(
  queries: Queries,
  level: number,
  n: number,
  width: number,
): Promise<Buffer[] | undefined> {
  if (width === TILE_WIDTH) {
    const row = await tables(queries)
      .selectFrom('ledger.tile')
      .select('hashes')
      .where('level', '=', level)
      .where('position', '=', n)
      .executeTakeFirst()
    if (row) return splitHashes(row.hashes)
  }
  const from = n * TILE_WIDTH
  const hashes =
    level === 0
      ? (await readEntries(queries, from, width)).map(hashLeaf)
      : await readRoots(queries, level - 1, from, width)
  return hashes.length === width ? hashes : undefined
}

/** Entries as they stand in the log, from this position on. */
export async function readEntries(queries: Queries, from: number, count: number): Promise<Buffer[]> {
  const rows = await tables(queries)
    .selectFrom('ledger.leaf')
    .select('bytes')
    .where('position', '>=', from)
    .where('position', '<', from + count)
    .orderBy('position')
    .execute()
  return rows.map(({ bytes }) => bytes)
}

async function readRoots(queries: Queries, level: number, from: number, count: number): Promise<Buffer[]> {
  const { rows } = await sql<{
    root: Buffer
  }>`select root from ledger.tile where level = ${level} and position >= ${from} and position < ${from + count} order by position`.execute(
    queries,
  )
  return rows.map(({ root }) => root)
}

export function splitHashes(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

const KEPT_TILES = 400

/** Subtree hashes of the tree of one size, for proofs; tiles are read once. */
export function openSubtrees(queries: Queries, size: number): SubtreeHash {
  const kept = new Map<string, Promise<Buffer[]>>()
  return async (level, index) => {
    const tileLevel = Math.floor(level / 8)
    const within = 2 ** (level % 8)
    const n = Math.floor((index * within) / TILE_WIDTH)
    const full = Math.floor(size / TILE_WIDTH ** tileLevel)
    const width = Math.min(TILE_WIDTH, full - n * TILE_WIDTH)
    const key = `${tileLevel}/${n}`
    let tile = kept.get(key)
    if (!tile) {
      tile = readTile(queries, tileLevel, n, width).then(
        (hashes) => hashes ?? Promise.reject(new Error(`tile ${key} of the log is missing`)),
      )
      if (kept.size < KEPT_TILES) kept.set(key, tile)
    }
    const start = index * within - n * TILE_WIDTH
    return rootOf(await tile, start, start + within)
  }
}
