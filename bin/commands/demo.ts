import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoPerson } from '#modules/demo/index.ts'
import { openShopClient } from '../client/shop.ts'
import { dataDir } from '../reach-database.ts'
import { readNames, readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

/** One entry a subcommand. */
const subcommands: Record<string, (args: string[], io: CommandIo) => Promise<number>> = {
  people: listPeople,
  advance,
}

export async function run([name, ...args]: string[], io: CommandIo): Promise<number> {
  const subcommand = name === undefined ? undefined : subcommands[name]
  if (!subcommand) throw new UsageRefusal('demo people | demo advance 5d [--server URL]')
  return subcommand(args, io)
}

/** Who can sign in, and where their files are. */
async function listPeople(args: string[], { stdout }: CommandIo): Promise<number> {
  const { json } = readNames(args, 0, 'demo people [--json]')
  const folder = join(dataDir(), 'demo')
  const text = await readFile(join(folder, 'people.json'), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new UsageRefusal(`There are no people of a demo in ${folder}: start the shop once with DEMO=1.`)
  const people: DemoPerson[] = JSON.parse(text)
  if (json) {
    stdout.write(
      `${JSON.stringify({ items: people.map((person) => ({ ...person, folder: join(folder, 'people', person.id) })) })}\n`,
    )
    return 0
  }
  for (const { id, name, rfc, note } of people)
    stdout.write(`${id.padEnd(22)} ${rfc.padEnd(14)} ${name} (${note.es})\n`)
  stdout.write(`Password of all: ${people[0]?.password ?? ''}. Files: ${join(folder, 'people')}/<id>/{cer,key}\n`)
  return 0
}

/** Adds calendar days to the clock of the shop that runs, and returns when everything that fell due has been done. */
async function advance(args: string[], { stdout }: CommandIo): Promise<number> {
  const usage = 'demo advance 5d [--server URL]'
  const { values, positionals } = readOptions(
    { args, allowPositionals: true, options: { server: { type: 'string' }, json: { type: 'boolean' } } },
    usage,
  )
  const days = /^(\d{1,4})d?$/.exec(positionals[0] ?? '')?.[1]
  if (!days) throw new UsageRefusal(usage)
  const server = values.server ?? process.env.PUBLIC_URL ?? `http://localhost:${process.env.PORT || 3000}`
  const { now } = await openShopClient(server).post<{ now: string }>('/api/v1/demo/clock', { days: Number(days) })
  stdout.write(values.json ? `${JSON.stringify({ now })}\n` : `It is ${now} now.\n`)
  return 0
}
