import { systemClock } from '#kernel/clock.ts'
import {
  type Added,
  type Authority,
  addAuthorities,
  loadAuthorities,
  readAuthorityFolder,
} from '#modules/identity/index.ts'
import { printable } from '../printable.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'trust list [--trust DIR] [--json]  |  trust add FILE… [--unpinned] [--json]'

/** Shows whom this installation believes, and takes in others. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, unpinned: { type: 'boolean' }, trust: { type: 'string' } },
    },
    USAGE,
  )
  const [action, ...files] = positionals
  const { json = false, unpinned = false, trust } = values
  const place = { dataDir: dataDir(), packDir: packDir() }
  const present = () => loadAuthorities({ ...place, demo: true })
  if (action === 'list' && files.length === 0)
    return write(io, trust === undefined ? await present() : await readAuthorityFolder(trust), json)
  if (action !== 'add' || files.length === 0 || trust !== undefined) throw new UsageRefusal(USAGE)
  const given = []
  for (const name of files) given.push({ name, bytes: await readNamedFile(name) })
  return write(io, await addAuthorities(given, await present(), { ...place, unpinned }), json)
}

type Force = 'in-force' | 'ended' | 'not-yet'

function forceOf({ certificate: { notBefore, notAfter } }: Authority, now: Date): Force {
  return now > notAfter ? 'ended' : now < notBefore ? 'not-yet' : 'in-force'
}

const FORCE: Record<Force, string> = { 'in-force': '', ended: ', ended', 'not-yet': ', not yet in force' }

function write({ stdout }: CommandIo, authorities: ReadonlyArray<Authority | Added>, json: boolean): number {
  const now = systemClock.now()
  const items = authorities.map((each) => ({
    name: each.name,
    sha256: each.sha256,
    anchor: each.anchor,
    source: each.source,
    demo: each.source === 'demo',
    notBefore: each.certificate.notBefore.toISOString(),
    notAfter: each.certificate.notAfter.toISOString(),
    force: forceOf(each, now),
    ...('already' in each && { already: each.already }),
  }))
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else
    for (const each of items.toSorted((a, b) => Number(b.anchor) - Number(a.anchor))) stdout.write(`${lineOf(each)}\n`)
  return 0
}

function lineOf(item: {
  sha256: string
  anchor: boolean
  source: string
  notBefore: string
  notAfter: string
  force: Force
  name: string
  already?: boolean
}): string {
  const { sha256, anchor, source, notBefore, notAfter, force, name, already } = item
  const span = `${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}${FORCE[force]}`
  return `${anchor ? 'anchor' : 'issuer'}  ${source.padEnd(9)}  ${span}  ${printable(name)}${already ? '  (was there already)' : ''}\n        SHA-256 ${sha256}`
}
