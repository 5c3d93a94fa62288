import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { installJobs, openJobs } from '#kernel/jobs.ts'
import type { Log } from '#kernel/log.ts'
import { loadCalendars } from '#modules/calendars/index.ts'
import { loadPack, openCatalogue, publishPack } from '#modules/catalogue/index.ts'
import { grantDemoRoles, openDemo } from '#modules/demo/index.ts'
import { append } from '#modules/ledger/index.ts'
import { keepHeartbeat, loadNoticeRules } from '#modules/post-office/index.ts'
import { readKnownSeals } from '#modules/verification/index.ts'
import { buildAssets } from '#web/assets.ts'
import type { Config } from './config.ts'
import { handleJobs, openMailer, queues } from './handle-jobs.ts'
import { openChannels } from './open-channels.ts'
import { openKernel } from './open-kernel.ts'
import { openModules } from './open-modules.ts'
import { openSigning } from './open-signing.ts'
import { closeAll, type Opened } from './opened.ts'
import { startPreservation } from './start-preservation.ts'
import { sweepHourly } from './sweep.ts'
import { welcomeText } from './welcome.ts'

/** A whole installation, ready to listen. */
export interface Shop {
  app: FastifyInstance
  /** What the operator reads when it serves. */
  welcome(): string
  close(): Promise<void>
}

interface OpenShop {
  config: Config
  log: Log
  ownerUrl: string
  /** As the serving role. */
  url: string
  /** No other process serves this database. */
  alone: boolean
}

/** A whole shop or none: what a start that fails had opened is closed, and only the reason is heard of. */
export async function openShop(parts: OpenShop): Promise<Shop> {
  const opened: Opened = []
  try {
    return { ...(await putTogether(parts, opened)), close: () => closeAll(opened) }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** The one place that knows all the parts, from the lowest up. */
async function putTogether(given: OpenShop, opened: Opened): Promise<Omit<Shop, 'close'>> {
  const { config, log, ownerUrl, url, alone } = given
  const { packDir, dataDir } = config
  const [calendars, assets] = await Promise.all([loadCalendars(packDir), buildAssets(packDir)])
  const rules = await loadNoticeRules(packDir, calendars)
  const pack = await loadPack({ packDir, calendars: new Set(calendars.keys()), noticeRules: rules })
  for (const warning of pack.warnings) log.warn({ warning }, 'catalogue')
  await installJobs(ownerUrl, queues)
  const kernel = await openKernel({ config, log, url }, opened)
  const { db, clock, demoClock, ledger } = kernel
  await publishPack({ db, clock, append }, pack)
  const catalogue = await openCatalogue(db, pack)
  opened.push(() => catalogue.close())
  const institutions = pack.settings.demoInstitutions
  const demo = config.demo ? await openDemo({ dataDir, packDir, institutions, now: clock.now() }) : undefined
  const signing = await openSigning(kernel, { pack, catalogue, demo }, opened)
  const jobs = openJobs({ db, url, clock, log, alone })
  const modules = openModules({ kernel, signing, pack, catalogue, calendars, rules, jobs }, opened)
  handleJobs(jobs, modules, openMailer(config, pack.settings.mailFrom, log))
  if (demo) await grantDemoRoles({ db, clock, ledger: { append } }, demo)
  // A demo's clock jumps: what it skips is no outage.
  const stopHeartbeat = demoClock ? undefined : await keepHeartbeat({ db, clock })
  opened.push(() => stopHeartbeat?.())
  opened.push(() => jobs.stop())
  await jobs.start()
  const { authorities, sources, lists, time } = signing
  const seals = await readKnownSeals(join(dataDir, 'trust'))
  const stamp = time.stampFor('conservation')
  const preservation = startPreservation({ config, log, url, clock, authorities, sources, lists, seals, stamp }, opened)
  opened.push(sweepHourly({ cases: modules.cases, identity: modules.identity, log }))
  const drain = async () => {
    await ledger.integrate()
    await jobs.drain()
    await ledger.integrate()
    await preservation?.run()
  }
  const { settings } = pack
  const app = await openChannels({ kernel, signing, modules, settings, demo, assets, drain }, opened)
  return { app, welcome: () => welcomeText(config, demo) }
}
