import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { readIsoInstant, systemClock } from '#kernel/clock.ts'
import type { Language } from '#kernel/texts.ts'
import {
  type Explanation,
  explainFile,
  readTrustedFrom,
  readTrustedHere,
  type TrustedHere,
  type Verdict,
} from '#modules/verification/index.ts'
import { languageOf } from '../language.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import { sealReportWith } from '../seal-report-with.ts'
import { showExplanation } from '../show-explanation.ts'
import { checkOut } from '../signing/write-out.ts'
import type { CommandIo } from '../ventanilla.ts'
import { verifyBatch } from './verify-batch.ts'

const USAGE =
  'verify FILE… [--content FILE] [--trust DIR] [--log-key FILE] [--at INSTANT] [--report OUT.pdf --seal-p12 FILE --password-file FILE] [--lang es|en] [--json]  |  verify --batch'

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

const options = {
  batch: { type: 'boolean' },
  content: { type: 'string' },
  trust: { type: 'string' },
  'log-key': { type: 'string' },
  at: { type: 'string' },
  report: { type: 'string' },
  'seal-p12': { type: 'string' },
  'password-file': { type: 'string' },
  lang: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Says what documents prove, without network. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  if (values.batch) {
    const lines = createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    for await (const answer of verifyBatch(lines)) io.stdout.write(`${JSON.stringify(answer)}\n`)
    return 0
  }
  if (positionals.length === 0) throw new UsageRefusal(USAGE)
  const { content: contentFile, report: reportFile } = values
  if (positionals.length > 1 && (contentFile ?? reportFile) !== undefined)
    throw new UsageRefusal(USAGE, '--content and --report are for one file')
  if (reportFile !== undefined && values['seal-p12'] === undefined)
    throw new UsageRefusal(USAGE, '--report wants a seal to put under it: --seal-p12 and --password-file')
  const language = readLanguage(values.lang ?? values.language)
  const trusted = await readTrusted(values.trust, values['log-key'])
  const at = values.at === undefined ? systemClock.now() : readIsoInstant(values.at)
  if (!at) throw new UsageRefusal(USAGE, '--at takes an instant like 2036-03-01T12:00:00Z')
  if (reportFile !== undefined) {
    const inputs = [...positionals, contentFile, values['seal-p12'], values['password-file']].flatMap(
      (each) => each ?? [],
    )
    await checkOut({ out: resolve(reportFile), force: true, inputs, language })
  }
  const content = contentFile === undefined ? undefined : await readNamedFile(contentFile)
  let exit = 0
  for (const file of positionals) {
    const explanation = explainFile(await readNamedFile(file), trusted, at, { content })
    io.stdout.write(
      values.json
        ? `${JSON.stringify(forPrograms(file, explanation))}\n`
        : showExplanation(file, explanation, language),
    )
    if (reportFile !== undefined) {
      const seal = { p12: values['seal-p12']!, passwordFile: values['password-file'] }
      const frame = { fileName: file, language }
      await writeFile(resolve(reportFile), await sealReportWith(seal, explanation, frame, systemClock.now()))
    }
    exit = worse(exit, EXIT[explanation.verdict])
  }
  return exit
}

function readLanguage(named: string | undefined): Language {
  if (named !== undefined && named !== 'es' && named !== 'en') throw new UsageRefusal(USAGE, '--lang is es or en')
  return languageOf(named, process.env)
}

async function readTrusted(folder: string | undefined, logKey: string | undefined): Promise<TrustedHere> {
  if (folder === undefined && logKey === undefined)
    return readTrustedHere({ dataDir: dataDir(), packDir: packDir(), demo: true })
  const trusted = await readTrustedFrom(folder, logKey)
  if (logKey !== undefined && !trusted.log) throw new UsageRefusal(`${logKey} is not the key of a log.`)
  return trusted
}

/** Not sound weighs more than not to be told. */
const worse = (a: number, b: number): number => (a === 1 || b === 1 ? 1 : Math.max(a, b))

const forPrograms = (file: string, { data: _, ...explanation }: Explanation) => ({ file, ...explanation })
