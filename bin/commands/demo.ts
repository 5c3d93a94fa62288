import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { DemoPerson } from '#modules/demo/index.ts'
import type { CommandIo } from '../ventanilla.ts'

/** One entry a subcommand. */
const subcommands: Record<string, (args: string[], io: CommandIo) => Promise<number>> = { people: listPeople }

export async function run([name, ...args]: string[], io: CommandIo): Promise<number> {
  const subcommand = name === undefined ? undefined : subcommands[name]
  if (!subcommand) throw new StartRefusal(`demo ${Object.keys(subcommands).join(' | demo ')}`)
  return subcommand(args, io)
}

/** Who can sign in, and where their files are. */
async function listPeople(args: string[], { stdout }: CommandIo): Promise<number> {
  const folder = join(process.env.DATA_DIR || './data', 'demo')
  const text = await readFile(join(folder, 'people.json'), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new StartRefusal(`There are no people of a demo in ${folder}: start the shop once with DEMO=1.`)
  const people: DemoPerson[] = JSON.parse(text)
  if (args.includes('--json')) {
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
