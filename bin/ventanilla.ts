import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { Refusal } from '#kernel/refusal.ts'
import { NetworkFault } from './client/shop.ts'
import { UsageRefusal } from './read-options.ts'

/** What every file of bin/commands/ exports. */
export interface Command {
  run(args: string[], io: CommandIo): Promise<number>
}

export interface CommandIo {
  stdin: NodeJS.ReadableStream
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream
}

const EXIT = { failed: 1, refused: 2, network: 4 } as const

const commands: Record<string, { about: string; load: () => Promise<Command> }> = {
  citizen: { about: 'sign in, apply, follow, read notices as a citizen', load: () => import('./commands/citizen.ts') },
  officer: { about: 'see the inbox and decide as a public servant', load: () => import('./commands/officer.ts') },
  verify: { about: 'say what a document proves, offline', load: () => import('./commands/verify.ts') },
  sign: { about: 'sign a file with your e.firma or a .p12', load: () => import('./commands/sign.ts') },
  seals: {
    about: 'seals list | seals add | seals lost: the keys of the State',
    load: () => import('./commands/seals.ts'),
  },
  seal: { about: 'seal a file with a key of the State', load: () => import('./commands/seal.ts') },
  timestamp: {
    about: 'timestamp FILE --url URL | timestamp verify FILE TOKEN: when a file was there',
    load: () => import('./commands/timestamp.ts'),
  },
  'check-path': { about: 'validate certificate paths', load: () => import('./commands/check-path.ts') },
  'check-proof': { about: 'validate Merkle proofs', load: () => import('./commands/check-proof.ts') },
  'notice-dates': { about: 'say when a notice is served', load: () => import('./commands/notice-dates.ts') },
  log: { about: 'log check URL: download the public log and re-compute it', load: () => import('./commands/log.ts') },
  trust: { about: 'trust list | trust add FILE…', load: () => import('./commands/trust.ts') },
  import: { about: 'import postal-codes FILE', load: () => import('./commands/import.ts') },
  admin: { about: 'admin grant --cer F --role R --institution I', load: () => import('./commands/admin.ts') },
  backup: {
    about: 'backup FILE: copy the embedded database while it serves',
    load: () => import('./commands/backup.ts'),
  },
  restore: {
    about: 'restore FILE: bring a backup into an empty data folder',
    load: () => import('./commands/restore.ts'),
  },
  preserve: {
    about: 'preserve status | preserve run: what makes documents last for years',
    load: () => import('./commands/preserve.ts'),
  },
  demo: { about: 'demo people | demo advance 5d', load: () => import('./commands/demo.ts') },
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args
  const command = name === undefined ? undefined : commands[name]
  if (!command) {
    const asked = name !== undefined && ['help', '--help', '-h'].includes(name)
    if (!asked) {
      const names = Object.keys(commands).join(' | ')
      return tell(new UsageRefusal(`bin/ventanilla ${names}`, name && `There is no command ${name}`))
    }
    const lines = Object.entries(commands).map(([each, { about }]) => `  ${each.padEnd(13)} ${about}`)
    process.stdout.write(`bin/ventanilla COMMAND; COMMAND --help says how it is used\n${lines.join('\n')}\n`)
    return 0
  }
  try {
    return await (await command.load()).run(rest, process)
  } catch (error) {
    if (!(error instanceof UsageRefusal) || !rest.includes('--help')) return await tell(error)
    process.stdout.write(`bin/ventanilla ${error.usage}\n`)
    return 0
  }
}

/** One line on standard error, for people and for programs. */
async function tell(error: unknown): Promise<number> {
  const { code, exit } = classify(error)
  const message = (await sentenceOf(error)) ?? (error instanceof Error ? error.message : String(error))
  process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`)
  return exit
}

/** A refusal of this side of the network has no sentence yet; one of the server brought its own. */
async function sentenceOf(error: unknown): Promise<string | undefined> {
  if (!(error instanceof Refusal) || error.message !== error.code) return undefined
  return (await import('#web/refusal-sentence.ts')).refusalSentence(error, 'es')
}

function classify(error: unknown): { code: string; exit: number } {
  if (error instanceof Refusal) return { code: error.code, exit: EXIT.refused }
  if (error instanceof UsageRefusal) return { code: 'usage', exit: EXIT.refused }
  if (error instanceof StartRefusal) return { code: 'refused', exit: EXIT.refused }
  if (error instanceof NetworkFault) return { code: 'network', exit: EXIT.network }
  return { code: 'failed', exit: EXIT.failed }
}

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.failed))
process.exitCode = await main(process.argv.slice(2))
