import { execFile, spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startEmbeddedPostgres } from '#kernel/embedded-postgres.ts'

const wants = (flag: string) => process.argv.includes(flag)
const onlyDatabase = wants('--database')
const failures: string[] = []

/** Runs a command with its output shown; remembers what failed and goes on, so that one run tells everything. */
async function step(
  name: string,
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<void> {
  console.log(`\n── ${name}`)
  const code = await new Promise<number>((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
    child.on('error', () => resolve(1))
    child.on('close', (status) => resolve(status ?? 1))
  })
  if (code !== 0) failures.push(name)
}

const node = process.execPath
const counts = { pass: 0, fail: 0, skipped: 0 }

async function tests(
  name: string,
  files: string[],
  environment: Record<string, string>,
  atOnce: number,
): Promise<void> {
  if (files.length === 0) return
  const report = join(scratch, `${name.replaceAll(' ', '-')}.tap`)
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report}`,
  ]
  await step(name, node, ['--test', `--test-concurrency=${atOnce}`, ...reporters, ...files.sort()], environment)
  const tap = await readFile(report, 'utf8').catch(() => '')
  for (const key of ['pass', 'fail', 'skipped'] as const) {
    counts[key] += Number(new RegExp(`^# ${key} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0)
  }
}

/**
 * Cases whose limit on the depth of the path did not come with them: without it they say what others say that must be
 * accepted (docs/decisions/012).
 */
const withoutTheirLimit = ['pathlen::max-chain-depth-0-exhausted', 'pathlen::max-chain-depth-1-exhausted']

const scratch = await mkdtemp(join(tmpdir(), 'ventanilla-tests-'))
const given = process.env.TEST_DATABASE_URL
const postgres = given ? undefined : await startEmbeddedPostgres(scratch, { fsync: 'off', max_connections: '300' })
const environment = { TEST_DATABASE_URL: given ?? postgres!.url, ...(wants('--long') ? { LONG_TESTS: '1' } : {}) }

const all = globSync('{src,bin,browser,test}/**/*.test.ts')
const journeys = all.filter((file) => file.startsWith('test/journeys/'))
const database = all.filter((file) => file.startsWith('src/modules/') || file.startsWith('src/kernel/'))
const units = all.filter((file) => !journeys.includes(file))

try {
  if (onlyDatabase) await tests('database tests', database, environment, 2)
  else {
    await step('types', node, ['node_modules/typescript/bin/tsc', '--noEmit'])
    await step('style', 'node_modules/.bin/biome', ['check', '.'])
    await tests('unit tests and house rules', units, environment, 2)
    await tests('journeys', journeys, environment, 1)
    if (wants('--conformance')) await conformance()
  }
} finally {
  await postgres?.stop()
  await rm(scratch, { recursive: true, force: true })
}

console.log(failures.length ? `\nFailed: ${failures.join(', ')}` : '\nEverything passed.')
console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skipped} skipped`)
process.exitCode = failures.length ? 1 : 0

/** Other people's cases: what is accepted and should not be fails the run. */
async function conformance(): Promise<void> {
  const runner = '../shared/conformance/run.mjs'
  console.log('\n── conformance')
  if (!existsSync(runner)) {
    console.log('../shared/conformance is not there: other people’s cases were not run.')
    return
  }
  const { stdout } = await promisify(execFile)(node, [runner, '--list'], { maxBuffer: 1 << 26 }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  )
  console.log(stdout)
  const wrong = stdout.split('\n').filter((line) => /^ {2}(FALSE ACCEPT|no answer):/.test(line))
  const unexplained = wrong.filter((line) => !withoutTheirLimit.some((id) => line.includes(id)))
  if (!/\d+ of \d+ right/.test(stdout) || unexplained.length > 0) failures.push('conformance')
}
