import { sql } from 'kysely'
import type { Queries } from '#kernel/database.ts'
import { TILE_WIDTH } from '#trust/merkle/tlog-tiles.ts'
import { HASH_BYTES, hashLeaf, hashNode, type SubtreeHash } from '#trust/merkle/tree.ts'
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

function splitHashes(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

const KEPT_TILES = 400

/** Subtree hashes of the tree of one size, for proofs; tiles are read once, and each subtree inside is computed once. */
export function openSubtrees(queries: Queries, size: number): SubtreeHash {
  const kept = new Map<string, Promise<(start: number, width: number) => Buffer>>()
  return async (level, index) => {
    const tileLevel = Math.floor(level / 8)
    const within = 2 ** (level % 8)
    const n = Math.floor((index * within) / TILE_WIDTH)
    const full = Math.floor(size / TILE_WIDTH ** tileLevel)
    const width = Math.min(TILE_WIDTH, full - n * TILE_WIDTH)
    const key = `${tileLevel}/${n}`
    let tile = kept.get(key)
    if (!tile) {
      tile = readTile(queries, tileLevel, n, width).then((hashes) => {
        if (!hashes) throw new Error(`tile ${key} of the log is missing`)
        return subtreesOf(hashes)
      })
      if (kept.size < KEPT_TILES) kept.set(key, tile)
      // What could not be read now may be read the next time.
      tile.catch(() => kept.delete(key))
    }
    const start = index * within - n * TILE_WIDTH
    return (await tile)(start, within)
  }
}

/** The perfect subtrees of one tile, by where they begin and how wide they are. */
function subtreesOf(hashes: readonly Buffer[]): (start: number, width: number) => Buffer {
  const known = new Map<number, Buffer>()
  const subtree = (start: number, width: number): Buffer => {
    if (width === 1) return hashes[start]!
    const key = start * (TILE_WIDTH + 1) + width
    let root = known.get(key)
    if (!root) {
      root = hashNode(subtree(start, width / 2), subtree(start + width / 2, width / 2))
      known.set(key, root)
    }
    return root
  }
  return subtree
}
