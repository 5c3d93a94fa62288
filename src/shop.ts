import { createHmac, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { apiRoutes } from '#channels/api/routes.ts'
import { logRoutes } from '#channels/open/log-routes.ts'
import { timeRoutes } from '#channels/open/time-routes.ts'
import { openMetrics } from '#channels/operate/metrics.ts'
import { operateRoutes } from '#channels/operate/routes.ts'
import type { ShopParts } from '#channels/shop-parts.ts'
import { sha256 } from '#kernel/bytes.ts'
import { systemClock } from '#kernel/clock.ts'
import { type Database, openDatabase } from '#kernel/database.ts'
import { openDemoClock } from '#kernel/demo-clock.ts'
import { installJobs, openJobs } from '#kernel/jobs.ts'
import type { Log } from '#kernel/log.ts'
import { loadCalendars } from '#modules/calendars/index.ts'
import { openCaseFiles } from '#modules/case-files/index.ts'
import { type CaseParts, caseQueues, handleCaseJobs } from '#modules/cases/index.ts'
import { loadPack, openCatalogue, publishPack } from '#modules/catalogue/index.ts'
import { grantDemoRoles, openDemo } from '#modules/demo/index.ts'
import { type DocumentsParts, openRenderer } from '#modules/documents/index.ts'
import {
  contactEmailOf,
  type IdentityParts,
  openCertificateJudge,
  openListsOf,
  readEndedSession,
  readSession,
  sayIdentity,
} from '#modules/identity/index.ts'
import {
  append,
  type Ledger,
  lastEntryAt,
  logSize,
  openLedger,
  openLogKey,
  readCheckpoint,
} from '#modules/ledger/index.ts'
import {
  absentMailer,
  countNotices,
  handleMail,
  issueConstancia,
  keepHeartbeat,
  keptMailer,
  lapseNotice,
  loadNoticeRules,
  MAIL_QUEUE,
  type Mailer,
  noticeQueues,
  type PostOfficeParts,
  queueMail,
  smtpMailer,
} from '#modules/post-office/index.ts'
import { readPreservationGauges } from '#modules/preservation/index.ts'
import { keyFromPkcs8, openKey, openSeals, openUseRecord, readInstitutionSeals } from '#modules/seals/index.ts'
import { openExaminer, readKnownSeals } from '#modules/verification/index.ts'
import { assetRoutes, buildAssets } from '#web/assets.ts'
import { openServer } from '#web/server.ts'
import type { Config } from './config.ts'
import { keepSeals } from './keep-seals.ts'
import { openTime } from './open-time.ts'
import { keepTrust, openRevocationSources, openTrust, readBankKey } from './open-trust.ts'
import { startPreservation } from './start-preservation.ts'
import { sweepHourly } from './sweep.ts'
import { webRoutes } from './web-routes.ts'
import { welcomeText } from './welcome.ts'

/** A whole installation, ready to listen. */
export interface Shop {
  app: FastifyInstance
  /** What the operator reads when it serves. */
  welcome(): string
  close(): Promise<void>
}

export interface OpenShop {
  config: Config
  log: Log
  ownerUrl: string
  /** As the serving role. */
  url: string
  /** No other process serves this database. */
  alone: boolean
}

const queues = [...Object.values(caseQueues), ...Object.values(noticeQueues), MAIL_QUEUE]

/** What was opened, closed in the opposite order. */
type Opened = Array<() => unknown>

/** A whole shop or none: what a start that fails had opened is closed, and only the reason is heard of. */
export async function openShop(parts: OpenShop): Promise<Shop> {
  const opened: Opened = []
  const close = async () => {
    for (let each = opened.pop(); each; each = opened.pop()) await each()
  }
  try {
    return { ...(await putTogether(parts, opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The one place that knows all the parts. */
async function putTogether(
  { config, log, ownerUrl, url, alone }: OpenShop,
  opened: Opened,
): Promise<Omit<Shop, 'close'>> {
  const [calendars, assets] = await Promise.all([loadCalendars(config.packDir), buildAssets(config.packDir)])
  const rules = await loadNoticeRules(config.packDir, calendars)
  const pack = await loadPack({ packDir: config.packDir, calendars: new Set(calendars.keys()), noticeRules: rules })
  for (const warning of pack.warnings) log.warn({ warning }, 'catalogue')
  await installJobs(ownerUrl, [...new Set(queues)])
  const { db, close: closeDatabase } = openDatabase(url, {
    max: 20,
    onLost: (error) => log.warn({ err: error }, 'database connection lost'),
  })
  opened.push(closeDatabase)
  const demoClock = config.demo ? await openDemoClock(db, config.demoClock, await lastEntryAt(db)) : undefined
  opened.push(() => demoClock?.close())
  const clock = demoClock ?? systemClock
  // The log does not queue behind the requests whose entries it places.
  const { db: ledgerDb, close: closeLedgerDb } = openDatabase(url, {
    max: 4,
    onLost: (error) => log.warn({ err: error }, 'database connection of the log lost'),
  })
  opened.push(closeLedgerDb)
  const ledger = openLedger(ledgerDb, await openLogKey(config.dataDir, config.publicUrl, await readCheckpoint(db)), log)
  opened.push(() => ledger.close())
  await publishPack({ db, clock, append }, pack)
  const catalogue = await openCatalogue(db, pack)
  opened.push(() => catalogue.close())
  const demo = config.demo
    ? await openDemo({
        dataDir: config.dataDir,
        packDir: config.packDir,
        institutions: pack.settings.demoInstitutions,
        now: clock.now(),
      })
    : undefined
  const demoKeys = await demo?.keys(pack.settings.platform.es)
  const authorities = await openTrust(config, demo)
  const sources = await openRevocationSources(config, demo, clock)
  const onSilence = (issuer: string, error: unknown) =>
    log.warn({ err: error, issuer }, 'a revocation source does not answer')
  const lists = openListsOf({ db, onSilence })
  const certificates = openCertificateJudge({ db, demo: config.demo, authorities, sources, lists, onSilence })
  const seals = await openSeals({
    institutions: await readInstitutionSeals(join(config.dataDir, 'seals'), (id) => catalogue.institutions.has(id)),
    platform:
      demoKeys && !config.seal
        ? keyFromPkcs8(demoKeys.sealKey, demoKeys.sealCertificate, [demo!.authority])
        : await openKey(config.seal!, config.seal!.kind === 'pkcs12' ? 'SEAL_P12' : 'SEAL_PKCS11_MODULE'),
    writeUse: openUseRecord({ db, clock, log }),
    now: clock.now(),
  })
  opened.push(() => seals.close())
  await keepTrust(config, seals.platform, ledger)
  const trustFolder = join(config.dataDir, 'trust')
  await keepSeals(trustFolder, seals.all, clock.now())
  const jobs = openJobs({ db, url, clock, log, alone })
  const demoTime = config.authority ? undefined : await demo?.timeKey(pack.settings.platform.es)
  const demoKey = demoTime && keyFromPkcs8(demoTime.key, demoTime.certificate, [demo!.authority])
  const time = await openTime({ config, demoKey, db, clock, log, authorities }, opened)
  const stampSignature = time.stampFor('signatures')
  const documents: DocumentsParts = {
    db,
    clock,
    renderer: openRenderer({
      publicUrl: config.publicUrl,
      platform: pack.settings.platform.es,
      accent: pack.settings.accent,
    }),
    seal: seals.platform,
    sealOf: (institution) => seals.of(institution),
    platformName: pack.settings.platform.es,
    timestamp: stampSignature && ((signature) => stampSignature(sha256(signature))),
  }
  opened.push(() => documents.renderer.close())
  const identity: IdentityParts = {
    db,
    clock,
    origin: config.publicUrl,
    limits: config.limits,
    certificates,
    ledger: { append },
    mail: async (trx, { to, subject, text }) => {
      await queueMail(trx, jobs, clock.now(), { ownerId: NOBODY, kind: 'code', address: to, subject, body: text })
    },
  }
  const postOffice: PostOfficeParts = {
    db,
    clock,
    jobs,
    rules,
    calendars,
    documents,
    certificates,
    log: { append },
    contactEmail: contactEmailOf,
    publicUrl: config.publicUrl,
    operator: catalogue.institutions.get(pack.settings.operator)!.name,
  }
  const bankPrivate = demoKeys ? createPrivateKey({ key: demoKeys.bankKey, format: 'der', type: 'pkcs8' }) : undefined
  const cases: CaseParts = {
    db,
    clock,
    jobs,
    log: { append, proofFor: ledger.proofSoon },
    catalogue,
    calendars,
    certificates,
    documents,
    postOffice,
    bankKey: bankPrivate ? createPublicKey(bankPrivate) : await readBankKey(config),
    limits: config.limits,
  }
  handleCaseJobs(jobs, cases)
  const mailer = openMailer(config, pack.settings.mailFrom, log)
  jobs.handle(MAIL_QUEUE, (data) => handleMail({ ...postOffice, mailer }, String(data.ownerId), String(data.mailId)))
  jobs.handle(noticeQueues.lapse, (data) =>
    lapseNotice(postOffice, String(data.ownerId), String(data.noticeId), new Date(String(data.dueAt))),
  )
  jobs.handle(noticeQueues.constancia, (data) =>
    issueConstancia(postOffice, String(data.ownerId), String(data.noticeId)),
  )
  if (demo) await grantDemoRoles({ db, clock, ledger: { append } }, demo)
  // A demo's clock jumps: what it skips is no outage.
  const stopHeartbeat = demoClock ? undefined : await keepHeartbeat({ db, clock })
  opened.push(() => stopHeartbeat?.())
  opened.push(() => jobs.stop())
  await jobs.start()
  const preservation = startPreservation(
    {
      config,
      log,
      url,
      clock,
      authorities,
      sources,
      lists,
      seals: await readKnownSeals(trustFolder),
      stamp: time.stampFor('conservation'),
    },
    opened,
  )
  opened.push(sweepHourly({ cases, identity, log }))

  const metrics = openMetrics()
  let serving = true
  const secret = await sharedSecret(db)
  const app = await openServer({
    log,
    publicUrl: config.publicUrl,
    demo: config.demo,
    zone: pack.settings.zone,
    csrfSecret: secret,
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
  const { dataDir, packDir } = config
  const examiner = openExaminer({ place: { dataDir, packDir, demo: config.demo } })
  opened.push(() => examiner.close())
  opened.push(() => closeServer(app))
  opened.push(() => {
    serving = false
  })
  const parts: ShopParts = {
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
    identity,
    cases,
    caseFiles: openCaseFiles({ cases, folder: config.dataDir }),
    postOffice,
    documents,
    ledger,
    drain: async () => {
      await drain(jobs, ledger)
      await preservation?.run()
    },
    bankKey: bankPrivate,
  }
  operateRoutes(app, {
    db,
    metrics,
    logSize: () => logSize(db),
    waitingToLast: () => readPreservationGauges(db, clock.now()),
    isServing: () => serving,
  })
  assetRoutes(app, assets)
  logRoutes(app, { db, ledger })
  timeRoutes(app, { authority: time.authority, requestsPerMinute: config.limits.timestampsPerMinute })
  await apiRoutes(app, parts)
  webRoutes(app, parts, assets.page)
  return { app, welcome: () => welcomeText(config, demo) }
}

const FINISH_MILLISECONDS = 10_000

/** Requests under way are finished. Whoever never finishes sending theirs does not keep the shop from stopping. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), FINISH_MILLISECONDS)
  await app.close()
  clearTimeout(timer)
}

function openMailer({ smtpUrl, demo }: Config, from: string, log: Log): Mailer {
  if (smtpUrl) return smtpMailer(smtpUrl, from)
  if (demo) return keptMailer
  log.warn({}, 'SMTP_URL is not set: messages wait and none leaves')
  return absentMailer
}

/** Mails to an address that is not yet anybody's belong to no account. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

async function drain(jobs: { drain(): Promise<void> }, ledger: Ledger): Promise<void> {
  await ledger.integrate()
  await jobs.drain()
  await ledger.integrate()
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
