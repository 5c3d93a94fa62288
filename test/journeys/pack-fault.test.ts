import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/shop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ficha = 'services/cofepris-aviso-funcionamiento.yaml'

describe('starting with a fault in the pack', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ventanilla-pack-'))
    await cp(join(root, 'packs/mx'), join(folder, 'pack'), { recursive: true })
  })
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }))

  /** What a start says, and its exit; served, it is stopped. */
  async function start(): Promise<{ code: number | null; said: string; served: boolean }> {
    const { DATABASE_URL: _, ...inherited } = process.env
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'src/main.ts')], {
      env: {
        ...inherited,
        PORT: String(await freePort()),
        DATA_DIR: join(folder, 'data'),
        PACK_DIR: join(folder, 'pack'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let served = false
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (!served && said.includes('serves at')) {
        served = true
        child.kill('SIGTERM')
      }
    })
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, said, served }
  }
  const write = async (from: string, to: string) => {
    const path = join(folder, 'pack', ficha)
    const text = await readFile(path, 'utf8')
    assert.ok(text.includes(from))
    await writeFile(path, text.replace(from, to))
  }

  test('one line says file, line and reason, and the exit is 1; so does a published text that changed', async () => {
    await write('inspection:', 'inspecton:')
    const line = (await readFile(join(folder, 'pack', ficha), 'utf8'))
      .split('\n')
      .findIndex((each) => /^inspecton/.test(each))
    assert.deepEqual(await start(), {
      code: 1,
      said: `${ficha}:${line + 1}: unknown field «inspecton»\n`,
      served: false,
    })
    await write('inspecton:', 'inspection:')
    assert.equal((await start()).served, true)
    await write('Avise a la autoridad', 'Informe a la autoridad')
    const { code, said } = await start()
    assert.equal(code, 1)
    assert.match(
      said,
      /^services\/cofepris-aviso-funcionamiento\.yaml:1: version 2 is published and never changes[^\n]*\n$/,
    )
  })
})
