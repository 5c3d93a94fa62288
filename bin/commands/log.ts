import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEntry } from '#modules/ledger/index.ts'
import { readBundle, TILE_WIDTH, tilePath } from '#trust/merkle/tlog-tiles.ts'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { openCheckpoint } from '#trust/note/checkpoint.ts'
import { type NoteVerifier, parseVerifierKey } from '#trust/note/signed-note.ts'
import { NetworkFault } from '../client/shop.ts'
import { compareWithSeen } from '../log-seen.ts'
import { dataDir } from '../reach-database.ts'
import { readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'log check URL [--trust DIR] [--log-key FILE] [--json]'
const HASH = 32

/**
 * Downloads the whole log and computes it again: every entry, every tile, the root that the pinned key signed. Then that it goes on
 * from what was seen of it here before.
 */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: { trust: { type: 'string' }, 'log-key': { type: 'string' }, json: { type: 'boolean' } },
    },
    USAGE,
  )
  const [what, url] = positionals
  if (what !== 'check' || !url) throw new UsageRefusal(USAGE)
  if (!URL.canParse(url)) throw new UsageRefusal(USAGE, `${url} is not an address`)
  const trust = values.trust ?? join(dataDir(), 'trust')
  const verifier = await readKey(values['log-key'] ?? join(trust, 'log.pub'))
  const { leaves, note, ...computed } = await checkLog(`${url.replace(/\/+$/, '')}/log`, verifier)
  const rewritten = leaves && note && (await compareWithSeen(join(dataDir(), 'log-seen'), verifier, { leaves, note }))
  const result = rewritten ? { ...computed, sound: false, reason: rewritten } : computed
  const anchor = { name: verifier.name, demo: await isDemo(trust) }
  stdout.write(
    values.json
      ? `${JSON.stringify({ ...result, anchor })}\n`
      : result.sound
        ? `${result.size} entries, root ${result.root}: sound, signed by ${anchor.name}${anchor.demo ? ', demo' : ''}\n`
        : `Not sound: ${result.reason}\n`,
  )
  return result.sound ? 0 : 1
}

/** Where a demo's authority is trusted, the log is a demo's too. */
const isDemo = async (trust: string): Promise<boolean> =>
  (await readdir(join(trust, 'demo')).catch(() => [])).length > 0

async function readKey(file: string): Promise<NoteVerifier> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const verifier = text === undefined ? undefined : parseVerifierKey(text)
  if (!verifier) throw new UsageRefusal(`${file} is not the key of a log: name it with --log-key.`)
  return verifier
}

interface LogCheck {
  sound: boolean
  size: number
  root: string | null
  reason: string | null
  /** Of every entry, where sound. */
  leaves?: Buffer[]
  /** The signed checkpoint, where sound. */
  note?: string
}

export async function checkLog(base: string, verifier: NoteVerifier): Promise<LogCheck> {
  const note = (await download(`${base}/checkpoint`)).toString('utf8')
  const checkpoint = openCheckpoint(note, verifier)
  if (!checkpoint)
    return { sound: false, size: 0, root: null, reason: 'the checkpoint is not signed by the pinned key' }
  const { size, root } = checkpoint
  const leaves: Buffer[] = []
  for (let n = 0; n * TILE_WIDTH < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH)
    const entries = readBundle(await download(`${base}/tile/entries/${nameOf(n, width)}`))
    if (entries?.length !== width) return unsound(size, `bundle ${n} is not of ${width} entries`)
    const strange = entries.findIndex((entry) => !readEntry(entry))
    if (strange >= 0) return unsound(size, `entry ${n * TILE_WIDTH + strange} is not an entry of this log`)
    leaves.push(...entries.map(hashLeaf))
  }
  const reason = await checkTiles(base, leaves)
  if (reason) return unsound(size, reason)
  const computed = rootOf(leaves)
  if (!computed.equals(root)) return unsound(size, 'the entries do not give the root that was signed')
  return { sound: true, size, root: root.toString('base64'), reason: null, leaves, note }
}

const unsound = (size: number, reason: string): LogCheck => ({ sound: false, size, root: null, reason })

/** Each level's tiles hold what the level below gives. */
async function checkTiles(base: string, leaves: readonly Buffer[]): Promise<string | undefined> {
  let hashes: readonly Buffer[] = leaves
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = []
    for (let n = 0; n * TILE_WIDTH < hashes.length; n += 1) {
      const expected = hashes.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH)
      const tile = await download(`${base}/tile/${level}/${nameOf(n, expected.length)}`)
      if (tile.length !== expected.length * HASH || !tile.equals(Buffer.concat(expected)))
        return `tile ${level}/${n} does not hold what its entries give`
      if (expected.length === TILE_WIDTH) above.push(rootOf(expected))
    }
    hashes = above
  }
  return undefined
}

const nameOf = (n: number, width: number): string => (width === TILE_WIDTH ? tilePath(n) : `${tilePath(n)}.p/${width}`)

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) })
    if (!response.ok) throw new NetworkFault(`${url} answered ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (error) {
    throw error instanceof NetworkFault ? error : new NetworkFault(`${url} does not answer`, { cause: error })
  }
}
