import type { Database, Queries } from '#kernel/database.ts'
import type { Log } from '#kernel/log.ts'
import { inclusionProof } from '#trust/merkle/tree.ts'
import { writeTlogProof } from '#trust/note/tlog-proof.ts'
import type { LogKey } from './log-key.ts'
import { openSubtrees } from './read-tiles.ts'
import { BATCH, sequence } from './sequence.ts'
import { tables } from './tables.ts'

export interface LogProof {
  /** C2SP tlog-proof. */
  proof: string
  /** base64url: opens the commitment. */
  salt: string
  /** Canonical JSON that was committed to. */
  record: string
  /** The entry as it stands in the log, canonical JSON: its leaf. */
  entry: string
}

export interface Ledger {
  key: LogKey
  /** What proves an entry to anyone; undefined while it has no place under a signed checkpoint. */
  proofFor(entryId: string): Promise<LogProof | undefined>
  /** The same for an entry of a moment ago: waits some rounds for it to be placed. */
  proofSoon(entryId: string): Promise<LogProof | undefined>
  /** Places what waits, now: for tests, and before a demo's clock moves. */
  integrate(): Promise<void>
  close(): Promise<void>
}

const ROUND_MILLISECONDS = 200
/** Five seconds: what takes longer is no matter of waiting. */
const ROUNDS_WAITED = 25

/** Runs the sequencer in this process; several processes take turns. */
export function openLedger(db: Database, key: LogKey, log: Log): Ledger {
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let subtrees: { size: number; note: string; hash: ReturnType<typeof openSubtrees> } | undefined

  let ended = Promise.withResolvers<void>()

  /** Entries that come meanwhile wait for the next one: a round costs the same for one entry as for hundreds. */
  async function round(): Promise<void> {
    try {
      while (!closed && (await sequence(db, key)) === BATCH);
    } catch (error) {
      log.error({ err: error }, 'sequencing the log')
    }
    ended.resolve()
    ended = Promise.withResolvers()
  }

  function integrate(): Promise<void> {
    running = running.then(round)
    return running
  }

  function schedule(): void {
    timer = setTimeout(() => integrate().then(() => !closed && schedule()), ROUND_MILLISECONDS)
  }
  schedule()

  let asking: ReturnType<typeof askNewest> | undefined

  /** Receipts come in batches: those of one moment ask once. */
  function newest() {
    asking ??= askNewest().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function askNewest() {
    const row = await tables(db)
      .selectFrom('ledger.checkpoint')
      .select(['size', 'note'])
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row && subtrees?.size !== row.size) subtrees = { ...row, hash: openSubtrees(db, row.size) }
    return subtrees
  }

  async function proofFor(entryId: string): Promise<LogProof | undefined> {
    const leaf = await tables(db)
      .selectFrom('ledger.leaf')
      .innerJoin('ledger.opening', 'ledger.opening.entry_id', 'ledger.leaf.entry_id')
      .select(['position', 'bytes', 'salt', 'record'])
      .where('ledger.leaf.entry_id', '=', entryId)
      .executeTakeFirst()
    const tree = leaf && (await newest())
    if (!leaf || !tree || leaf.position >= tree.size) return undefined
    const path = await inclusionProof(leaf.position, tree.size, tree.hash)
    return {
      proof: writeTlogProof({ index: leaf.position, path, checkpoint: tree.note }),
      salt: leaf.salt.toString('base64url'),
      record: leaf.record,
      entry: leaf.bytes.toString('utf8'),
    }
  }

  async function proofSoon(entryId: string): Promise<LogProof | undefined> {
    for (let rounds = 0; rounds < ROUNDS_WAITED && !closed; rounds += 1) {
      const placed = ended.promise
      const proof = await proofFor(entryId)
      if (proof) return proof
      await placed
    }
    return undefined
  }

  return {
    key,
    proofFor,
    proofSoon,
    integrate,
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

/** The signed note of the newest checkpoint; undefined while the log is empty. */
export async function readCheckpoint(queries: Queries): Promise<string | undefined> {
  const row = await tables(queries)
    .selectFrom('ledger.checkpoint')
    .select('note')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.note
}

export async function logSize(queries: Queries): Promise<number> {
  const row = await tables(queries)
    .selectFrom('ledger.checkpoint')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.size ?? 0
}

/** The instant of the last act in the log, placed or waiting: the demo's clock never goes before it. */
export async function lastEntryAt(queries: Queries): Promise<Date | undefined> {
  const rows = await Promise.all([
    tables(queries).selectFrom('ledger.leaf').select('bytes').orderBy('position', 'desc').limit(1).executeTakeFirst(),
    tables(queries).selectFrom('ledger.pending').select('bytes').orderBy('place', 'desc').limit(1).executeTakeFirst(),
  ])
  const instants = rows.flatMap((row) =>
    row ? [Date.parse((JSON.parse(row.bytes.toString()) as { at: string }).at)] : [],
  )
  return instants.length > 0 ? new Date(Math.max(...instants)) : undefined
}

/** Acts that have their entry and not yet their place in the tree. */
export async function countPending(queries: Queries): Promise<number> {
  const row = await tables(queries)
    .selectFrom('ledger.pending')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}
