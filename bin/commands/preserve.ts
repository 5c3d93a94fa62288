import { join } from 'node:path'
import { systemClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openDemoClock } from '#kernel/demo-clock.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { openLog } from '#kernel/log.ts'
import { servingUrl } from '#kernel/serving-role.ts'
import { issuerFolders, loadAuthorities, readRevocationSources } from '#modules/identity/index.ts'
import { type PreservationStatus, readPreservationStatus } from '#modules/preservation/index.ts'
import { readKnownSeals } from '#modules/verification/index.ts'
import { readConfig } from '../../src/config.ts'
import { openTime } from '../../src/open-time.ts'
import { closeAll, type Opened } from '../../src/opened.ts'
import { openFor } from '../../src/start-preservation.ts'
import { isDemo, reachOwner } from '../reach-database.ts'
import { readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'preserve status|run [--json]'

/** How far official documents are made to last, and the job itself, on a machine of its own if need be (docs/operate/preservation.md). */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    { args, allowPositionals: true, options: { json: { type: 'boolean' } } },
    USAGE,
  )
  const [action] = positionals
  if (positionals.length !== 1 || (action !== 'status' && action !== 'run')) throw new UsageRefusal(USAGE)
  const source = await reachOwner()
  try {
    const url = await servingUrl(source.url)
    const done = action === 'run' ? await preserve(url) : undefined
    const status = await readStatus(url)
    stdout.write(values.json ? `${JSON.stringify({ ...done, ...status })}\n` : tell(status, done))
    return 0
  } finally {
    await source.release()
  }
}

async function preserve(url: string) {
  const config = readConfig(process.env)
  if (config.demo) throw new StartRefusal('A demo makes its documents last by itself, while it serves.')
  if (!config.tsaUrl && !config.tsaSources && !config.authority)
    throw new StartRefusal('TSA_URL or TSA_SOURCES must name the authority that stamps the time.')
  const place = { dataDir: config.dataDir, packDir: config.packDir, demo: false }
  const opened: Opened = []
  const seals = await readKnownSeals(join(config.dataDir, 'trust'))
  if (seals.length === 0) throw new StartRefusal('The shop has not served yet: there is no seal in DATA_DIR/trust.')
  const log = openLog(config.logLevel)
  const authorities = await loadAuthorities(place)
  const { db, close } = openDatabase(url, { max: 2 })
  opened.push(close)
  const time = await openTime({ config, demoKey: undefined, db, clock: systemClock, log, authorities }, opened)
  const preservation = openFor(
    {
      config,
      log,
      url,
      clock: systemClock,
      authorities,
      sources: await readRevocationSources(issuerFolders(config)),
      seals,
      stamp: time.stampFor('conservation'),
    },
    opened,
  )
  if (!preservation) throw new StartRefusal('TSA_SOURCES names nobody for conservation.')
  try {
    return await preservation.run()
  } finally {
    await closeAll(opened)
  }
}

async function readStatus(url: string): Promise<PreservationStatus> {
  const { db, close } = openDatabase(url, { max: 1 })
  try {
    const demoClock = isDemo() ? await openDemoClock(db, undefined, undefined) : undefined
    const status = await readPreservationStatus(db, (demoClock ?? systemClock).now())
    demoClock?.close()
    return status
  } finally {
    await close()
  }
}

function tell(status: PreservationStatus, done: { preserved: number; postponed: number } | undefined): string {
  const { untaken, unfinished, lasting, overdue, lapsed, oldestUnfinished, nextRenewal, waiting } = status
  const lines = [
    ...(done ? [`done now: ${done.preserved} preserved, ${done.postponed} wait`] : []),
    `lasting: ${lasting}${nextRenewal ? `, the next renewal ${nextRenewal.toISOString()}` : ''}; overdue: ${overdue}`,
    ...(lapsed > 0 ? [`too late: ${lapsed}, whose last time-stamp ended before the next one was made`] : []),
    `not yet: ${untaken + unfinished}${oldestUnfinished ? `, the oldest since ${oldestUnfinished.toISOString()}` : ''}`,
    ...waiting.map(
      ({ reason, issuer, documents }) => `  ${documents} wait: ${reason}${issuer ? ` (issuer ${issuer})` : ''}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
