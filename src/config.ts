import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readIsoInstant } from './kernel/clock.ts'
import { StartRefusal } from './kernel/embedded-postgres.ts'
import type { KeySource } from './modules/seals/index.ts'
import { readKeySource } from './read-key-source.ts'
import { readTimeAuthority, type TimeAuthority } from './read-time-authority.ts'

export interface Limits {
  /** Sign-in attempts by one certificate and by one address, in a quarter of an hour. */
  signInsPerCertificate: number
  signInsPerAddress: number
  /** Requests of one address a minute; a whole office may stand behind one. */
  requestsPerMinute: number
  submissionsPerDay: number
  /** Time-stamps that one address may ask for in a minute. */
  timestampsPerMinute: number
  /** Bytes of one attachment, of all attachments of one application, and of a document to verify. */
  attachmentBytes: number
  applicationBytes: number
  verifyBytes: number
}

export interface Config {
  host: string
  port: number
  /** Origin without a slash at its end: in challenges, links, cookies. */
  publicUrl: string
  dataDir: string
  databaseUrl: string | undefined
  demo: boolean
  demoClock: Date | undefined
  trustDir: string | undefined
  /** The platform's seal; a demo makes its own where none is named. */
  seal: KeySource | undefined
  /** Our own authority of time; a demo makes its own where none is named. */
  authority: TimeAuthority | undefined
  tsaUrl: string | undefined
  /** The table of sources of time-stamps; with it `TSA_URL` is not read. */
  tsaSources: string | undefined
  smtpUrl: string | undefined
  packDir: string
  logLevel: string
  limits: Limits
}

const LIMITS: Record<keyof Limits, { variable: string; value: number }> = {
  signInsPerCertificate: { variable: 'LIMIT_SIGN_INS_PER_CERTIFICATE', value: 1000 },
  signInsPerAddress: { variable: 'LIMIT_SIGN_INS_PER_ADDRESS', value: 2000 },
  requestsPerMinute: { variable: 'LIMIT_REQUESTS_PER_MINUTE', value: 6000 },
  submissionsPerDay: { variable: 'LIMIT_SUBMISSIONS_PER_DAY', value: 2000 },
  timestampsPerMinute: { variable: 'LIMIT_TIMESTAMPS_PER_MINUTE', value: 600 },
  attachmentBytes: { variable: 'LIMIT_ATTACHMENT_BYTES', value: 10 * 1024 * 1024 },
  applicationBytes: { variable: 'LIMIT_APPLICATION_BYTES', value: 25 * 1024 * 1024 },
  verifyBytes: { variable: 'LIMIT_VERIFY_BYTES', value: 50 * 1024 * 1024 },
}

export type Environment = Record<string, string | undefined>

/**
 * The environment (docs/operate/environment.md), parsed once.
 * @throws StartRefusal with the one sentence that says which variable is wrong and how
 */
export function readConfig(environment: Environment): Config {
  const port = readPort(environment.PORT)
  const databaseUrl = readDatabaseUrl(environment.DATABASE_URL)
  const demo = readSwitch('DEMO', environment.DEMO, databaseUrl === undefined)
  const demoClock = readInstant(environment.DEMO_CLOCK)
  if (demoClock && !demo)
    throw new StartRefusal('DEMO_CLOCK moves the clock of a demo only: leave it out, or set DEMO=1.')
  const dataDir = resolve(environment.DATA_DIR || './data')
  return {
    host: environment.HOST || '127.0.0.1',
    port,
    publicUrl: readPublicUrl(environment.PUBLIC_URL || `http://localhost:${port}`),
    dataDir,
    databaseUrl,
    demo,
    demoClock,
    trustDir: environment.TRUST_DIR ? resolve(environment.TRUST_DIR) : undefined,
    seal: readKeySource(environment, 'SEAL'),
    authority: readTimeAuthority(environment),
    tsaUrl: readUrl('TSA_URL', environment.TSA_URL, ['http:', 'https:']),
    tsaSources: environment.TSA_SOURCES ? resolve(environment.TSA_SOURCES) : undefined,
    smtpUrl: readUrl('SMTP_URL', environment.SMTP_URL, ['smtp:', 'smtps:']),
    packDir: readPackDir(environment.PACK_DIR),
    logLevel: readLogLevel(environment.LOG_LEVEL || 'info'),
    limits: readLimits(environment),
  }
}

function readPort(text: string | undefined): number {
  const port = Number(text || 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartRefusal(`PORT must be a number from 1 to 65535, not «${text}».`)
  return port
}

function readSwitch(name: string, text: string | undefined, byDefault: boolean): boolean {
  if (text === undefined || text === '') return byDefault
  if (text === '1' || text === '0') return text === '1'
  throw new StartRefusal(`${name} must be 1 or 0, not «${text}».`)
}

function readDatabaseUrl(text: string | undefined): string | undefined {
  if (!text) return undefined
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new StartRefusal('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  }
  return text
}

function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url?.protocol === 'http:' && url.hostname === 'localhost'
  if (!url || (url.protocol !== 'https:' && !local) || url.pathname !== '/' || url.search || url.hash) {
    throw new StartRefusal(`PUBLIC_URL must be an https: address without a path, or http://localhost, not «${text}».`)
  }
  return url.origin
}

/** The address itself is not repeated: it may hold a password. */
function readUrl(name: string, text: string | undefined, schemes: readonly string[]): string | undefined {
  if (!text) return undefined
  if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol))
    throw new StartRefusal(
      `${name} must be an address that begins with ${schemes.map((each) => `${each}//`).join(' or ')}.`,
    )
  return text
}

function readPackDir(text: string | undefined): string {
  const folder = resolve(text || fileURLToPath(new URL('../packs/mx', import.meta.url)))
  if (!existsSync(join(folder, 'pack.yaml'))) throw new StartRefusal(`PACK_DIR has no pack.yaml: ${folder}`)
  return folder
}

function readLogLevel(text: string): string {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
  if (!levels.includes(text)) throw new StartRefusal(`LOG_LEVEL must be one of ${levels.join(', ')}, not «${text}».`)
  return text
}

function readInstant(text: string | undefined): Date | undefined {
  if (!text) return undefined
  const instant = readIsoInstant(text)
  if (!instant) throw new StartRefusal(`DEMO_CLOCK must be an instant like 2026-11-24T15:00:00Z, not «${text}».`)
  return instant
}

/** Asked once the database answers: whoever mistyped its address reads that first. */
export function requireSeal({ demo, seal }: Config): void {
  if (!seal && !demo)
    throw new StartRefusal(
      'SEAL_P12 and SEAL_PASSWORD_FILE, or SEAL_PKCS11_MODULE and its companions, must name the platform’s seal when DEMO=0.',
    )
}

function readLimits(environment: Environment): Limits {
  const entries = Object.entries(LIMITS).map(([name, { variable, value }]) => {
    const text = environment[variable]
    const number = text ? Number(text) : value
    if (!Number.isInteger(number) || number < 1)
      throw new StartRefusal(`${variable} must be a whole number from 1, not «${text}».`)
    return [name, number]
  })
  return Object.fromEntries(entries) as Limits
}
