import { createInterface } from 'node:readline'
import { readIsoInstant, systemClock } from '#kernel/clock.ts'
import {
  type Explanation,
  explainFile,
  readTrustedFrom,
  readTrustedHere,
  tell,
  type Verdict,
} from '#modules/verification/index.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'
import { verifyBatch } from './verify-batch.ts'

const USAGE =
  'verify FILE… [--trust DIR] [--log-key FILE] [--at INSTANT] [--language es|en] [--json]  |  verify --batch'

/** Sound and trusted, not sound, not to be told (contracts, "Command line"). */
const EXIT: Record<Verdict, number> = {
  sound: 0,
  altered: 1,
  invalid: 1,
  unsigned: 1,
  unreadable: 1,
  unsealed: 1,
  untrusted: 3,
  undetermined: 3,
}

/** Says what documents prove, without network. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: {
        batch: { type: 'boolean' },
        trust: { type: 'string' },
        'log-key': { type: 'string' },
        at: { type: 'string' },
        language: { type: 'string' },
        json: { type: 'boolean' },
      },
    },
    USAGE,
  )
  if (values.batch) {
    const lines = createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    for await (const answer of verifyBatch(lines)) io.stdout.write(`${JSON.stringify(answer)}\n`)
    return 0
  }
  if (positionals.length === 0) throw new UsageRefusal(USAGE)
  const named = values.trust !== undefined || values['log-key'] !== undefined
  const trusted = named
    ? await readTrustedFrom(values.trust, values['log-key'])
    : await readTrustedHere({ dataDir: dataDir(), packDir: packDir(), demo: true })
  if (values['log-key'] !== undefined && !trusted.log)
    throw new UsageRefusal(`${values['log-key']} is not the key of a log.`)
  const at = values.at === undefined ? systemClock.now() : readIsoInstant(values.at)
  if (!at) throw new UsageRefusal(USAGE, '--at takes an instant like 2036-03-01T12:00:00Z')
  let exit = 0
  for (const file of positionals) {
    const bytes = await readNamedFile(file)
    const explanation = explainFile(bytes, trusted, at)
    const language = values.language === 'en' ? 'en' : 'es'
    io.stdout.write(
      values.json ? `${JSON.stringify(forPrograms(file, explanation))}\n` : forPeople(file, explanation, language),
    )
    exit = worse(exit, EXIT[explanation.verdict])
  }
  return exit
}

/** Not sound weighs more than not to be told. */
const worse = (a: number, b: number): number => (a === 1 || b === 1 ? 1 : Math.max(a, b))

function forPrograms(file: string, { data: _, ...explanation }: Explanation) {
  return { file, ...explanation }
}

function forPeople(file: string, explanation: Explanation, language: 'es' | 'en'): string {
  const instant = (at: Date) => at.toISOString()
  const { title, body, proves, doesNotProve } = tell(explanation, language, instant)
  const lines = [`${file}: ${title}`, `  ${body}`]
  for (const each of proves) lines.push(`  + ${each}`)
  for (const each of doesNotProve) lines.push(`  - ${each}`)
  for (const { indication, subIndication, reason, anchor, modificationReasons } of explanation.findings) {
    lines.push(
      `  ${indication}${subIndication ? ` ${subIndication}` : ''}: ${reason}${anchor ? ` (${anchor.name}${anchor.demo ? ', demo' : ''})` : ''}`,
    )
    for (const each of modificationReasons) lines.push(`    ${each}`)
  }
  for (const { name, verdict } of explanation.inside ?? []) lines.push(`  ${name}: ${verdict}`)
  if (explanation.log) lines.push(`  log: ${explanation.log.indication}, ${explanation.log.reason}`)
  return `${lines.join('\n')}\n`
}
