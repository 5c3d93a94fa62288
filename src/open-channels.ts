import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { apiRoutes } from '#channels/api/routes.ts'
import { logRoutes } from '#channels/open/log-routes.ts'
import { timeRoutes } from '#channels/open/time-routes.ts'
import { type Metrics, openMetrics } from '#channels/operate/metrics.ts'
import { operateRoutes } from '#channels/operate/routes.ts'
import type { ShopParts } from '#channels/shop-parts.ts'
import type { Database } from '#kernel/database.ts'
import { openCaseFiles } from '#modules/case-files/index.ts'
import type { PackSettings } from '#modules/catalogue/index.ts'
import type { Demo } from '#modules/demo/index.ts'
import { readEndedSession, readSession, sayIdentity } from '#modules/identity/index.ts'
import { logSize } from '#modules/ledger/index.ts'
import { countNotices } from '#modules/post-office/index.ts'
import { readPreservationGauges } from '#modules/preservation/index.ts'
import { openExaminer } from '#modules/verification/index.ts'
import { type Assets, assetRoutes } from '#web/assets.ts'
import { openServer } from '#web/server.ts'
import type { Kernel } from './open-kernel.ts'
import type { Modules } from './open-modules.ts'
import type { Signing } from './open-signing.ts'
import type { Opened } from './opened.ts'
import { webRoutes } from './web-routes.ts'

interface ChannelsParts {
  kernel: Kernel
  signing: Signing
  modules: Modules
  settings: PackSettings
  demo: Demo | undefined
  assets: Assets
  drain(): Promise<void>
}

/** Every way in: pages, programs, the open log, the authority of time and what operators watch. Ready to listen. */
export async function openChannels(given: ChannelsParts, opened: Opened): Promise<FastifyInstance> {
  const { kernel, signing, assets } = given
  const { config, db, clock, ledger } = kernel
  const metrics = openMetrics()
  const secret = await sharedSecret(db)
  const app = await openWeb(given, secret, metrics)
  const { dataDir, packDir, demo } = config
  const examiner = openExaminer({ place: { dataDir, packDir, demo } })
  opened.push(() => examiner.close())
  let serving = true
  opened.push(() => closeServer(app))
  opened.push(() => {
    serving = false
  })
  const parts = shopParts(given, examiner, secret)
  operateRoutes(app, {
    db,
    metrics,
    logSize: () => logSize(db),
    waitingToLast: () => readPreservationGauges(db, clock.now()),
    isServing: () => serving,
  })
  assetRoutes(app, assets)
  logRoutes(app, { db, ledger })
  timeRoutes(app, { authority: signing.time.authority, requestsPerMinute: config.limits.timestampsPerMinute })
  await apiRoutes(app, parts)
  webRoutes(app, parts, assets.page)
  return app
}

function openWeb({ kernel, modules, settings, assets }: ChannelsParts, csrfSecret: Buffer, metrics: Metrics) {
  const { config, log, db, clock } = kernel
  const { identity } = modules
  return openServer({
    log,
    publicUrl: config.publicUrl,
    demo: config.demo,
    zone: settings.zone,
    csrfSecret,
    requestsPerMinute: config.limits.requestsPerMinute,
    largestBody: config.limits.verifyBytes,
    assets: assets.page,
    now: () => clock.now(),
    readSession: (token) => readSession(identity, token),
    readEndedSession: (token) => readEndedSession(identity, token),
    unopened: async (accountId) => (await countNotices(db, accountId)).unopened,
    warnings: (session, language) => session.warnings.map((warning) => sayIdentity(warning, language)),
    incidents: metrics.incidents,
  })
}

function shopParts(
  { kernel, signing, modules, demo, drain }: ChannelsParts,
  examiner: ShopParts['examiner'],
  secret: Buffer,
): ShopParts {
  const { config, db, clock, demoClock, ledger } = kernel
  return {
    ...modules,
    publicUrl: config.publicUrl,
    dataDir: config.dataDir,
    packDir: config.packDir,
    largestFile: config.limits.verifyBytes,
    examiner,
    reportKey: createHmac('sha256', secret).update('verification reports').digest(),
    db,
    clock,
    demoClock,
    demo,
    caseFiles: openCaseFiles({ cases: modules.cases, folder: config.dataDir }),
    ledger,
    drain,
    bankKey: signing.bankPrivate,
  }
}

const FINISH_MILLISECONDS = 10_000

/** Requests under way are finished. Whoever never finishes sending theirs does not keep the shop from stopping. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), FINISH_MILLISECONDS)
  await app.close()
  clearTimeout(timer)
}

/** The same for every server of one database, and made by whichever starts first. */
async function sharedSecret(db: Database): Promise<Buffer> {
  type Settings = { 'kernel.setting': { name: string; value: unknown } }
  const tables = db.withTables<Settings>()
  await tables
    .insertInto('kernel.setting')
    .values({ name: 'form-token-secret', value: JSON.stringify(randomBytes(32).toString('base64')) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await tables
    .selectFrom('kernel.setting')
    .select('value')
    .where('name', '=', 'form-token-secret')
    .executeTakeFirstOrThrow()
  return Buffer.from(String(row.value), 'base64')
}
