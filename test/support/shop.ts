import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface TestShop {
  url: string
  dataDir: string
  process: ChildProcess
  /** The files of a person of the demo, for the browser and for the command line. */
  person(id: string): { cer: string; key: string; password: string; passwordFile: string }
  log(): string
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts again on the same data. */
  restart(): Promise<void>
  /** Starts again on the same data, at another port. */
  move(): Promise<void>
  /** Stops, and keeps the data. */
  halt(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The real thing, as a user starts it: its own process, its own embedded database, a demo. */
export async function startShop(environment: Record<string, string> = {}): Promise<TestShop> {
  const dataDir = environment.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'ventanilla-shop-')))
  let port = await freePort()
  const url = () => `http://localhost:${port}`
  let output = ''
  let child = await run()

  async function run(): Promise<ChildProcess> {
    const { DATABASE_URL: _, ...inherited } = process.env
    const started = spawn(process.execPath, [join(root, 'src/main.ts')], {
      cwd: root,
      env: {
        ...inherited,
        PORT: String(port),
        DATA_DIR: dataDir,
        PUBLIC_URL: url(),
        LOG_LEVEL: 'warn',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the shop did not start:\n${output}`)), 60_000)
      const read = (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('serves at')) {
          clearTimeout(timer)
          resolve()
        }
      }
      started.stdout.on('data', read)
      started.stderr.on('data', read)
      if (process.env.SHOP_ERR) started.stderr.on('data', (c) => process.stderr.write(c))
      started.once('exit', (code) => {
        clearTimeout(timer)
        reject(new Error(`the shop ended with ${code}:\n${output}`))
      })
    })
    return started
  }

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    await gone
  }
  return {
    get url() {
      return url()
    },
    dataDir,
    get process() {
      return child
    },
    person(id) {
      const folder = join(dataDir, 'demo', 'people', id)
      return {
        cer: join(folder, 'cer'),
        key: join(folder, 'key'),
        password: 'ventanilla-demo',
        passwordFile: join(folder, 'password.txt'),
      }
    },
    log: () => output,
    async stop(signal) {
      await stop(signal)
      // After a kill the database needs a moment to let go of its files.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    },
    halt: () => stop('SIGTERM'),
    async move() {
      await stop('SIGTERM')
      port = await freePort()
      output = ''
      child = await run()
    },
    async restart() {
      await stop('SIGTERM')
      output = ''
      child = await run()
    },
  }
}
