import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

const program = join(import.meta.dirname, 'ventanilla.ts')

/** Exit codes and the line of a refusal (contracts, "Command line"), without a server. */
describe('the command line', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ventanilla-command-'))
    await writeFile(join(folder, 'list.json'), '[1]')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const run = (args: string[], input = '') =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { ...process.env, DATA_DIR: join(folder, 'data'), DATABASE_URL: '' }
      const child = execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      )
      child.stdin?.end(input)
    })
  const refused = async (args: string[], exit: number, expected: string, words = /./) => {
    const { code, stdout, stderr } = await run(args)
    assert.equal(code, exit, `${args.join(' ')}: ${stderr}`)
    assert.equal(stdout, '')
    assert.equal(stderr.trimEnd().split('\n').length, 1, `one line: ${stderr}`)
    const { error } = JSON.parse(stderr)
    assert.equal(error.code, expected)
    assert.match(error.message, words)
  }

  test('what is not a command, or lacks what it needs: usage, exit 2', async () => {
    await refused([], 2, 'usage', /citizen/)
    await refused(['bogus'], 2, 'usage', /bogus/)
    for (const name of [
      'citizen',
      'officer',
      'verify',
      'log',
      'trust',
      'import',
      'admin',
      'backup',
      'restore',
      'demo',
      'sign',
      'seal',
      'seals',
    ])
      await refused([name], 2, 'usage', new RegExp(name))
    for (const name of ['check-path', 'check-proof', 'notice-dates']) await refused([name], 2, 'usage', /--batch/)
    for (const line of ['backup F --bogus', 'restore F --bogus', 'demo people --bogus', 'trust list --bogus'])
      await refused(line.split(' '), 2, 'usage', /bogus/)
    await refused(['admin', 'grant', '--cer', 'F', '--role', 'king', '--institution', 'cofepris'], 2, 'usage')
    await refused(
      ['admin', 'grant', '--cer', 'F', '--role', 'officer', '--institution', 'nowhere'],
      2,
      'usage',
      /nowhere/,
    )
  })

  test('seals: only of institutions that there are, with a key that opens; lost only what was in use', async () => {
    const key = ['--p12', join(folder, 'list.json'), '--password-file', join(folder, 'list.json')]
    await refused(['seals', 'add', '--institution', 'segob'], 2, 'usage')
    for (const id of ['nowhere', '../services/segob-constancia-curp'])
      await refused(['seals', 'add', '--institution', id, ...key], 2, 'usage', /There is no institution/)
    await refused(['seals', 'add', '--institution', 'segob', ...key], 2, 'refused', /not PKCS#12/)
    await refused(['seals', 'lost', 'abc'], 2, 'refused', /abc was ever in use/)
    await refused(['seals', 'list', 'more'], 2, 'usage')
  })

  test('a file that is not there is named, exit 2', async () => {
    const files = ['--cer', '/nowhere/cer', '--key', '/nowhere/key', '--password-file', '/nowhere/word']
    await refused(['citizen', 'whoami', '--server', 'http://localhost:1', ...files], 2, 'usage', /\/nowhere\/cer/)
    await refused(['verify', '/nowhere/acuse.pdf'], 2, 'usage', /acuse\.pdf/)
    await refused(['verify', '--trust', '/nowhere', join(folder, 'list.json')], 2, 'refused', /\/nowhere/)
    await refused(['verify', '--log-key', '/nowhere', join(folder, 'list.json')], 2, 'usage', /\/nowhere/)
    await refused(['trust', 'add', '/nowhere/a.cer'], 2, 'usage', /a\.cer/)
    await refused(['import', 'postal-codes', '/nowhere/codes'], 2, 'usage', /codes/)
    await refused(['backup', '/nowhere/b.tgz'], 2, 'usage', /\/nowhere/)
    await refused(['restore', '/nowhere/b.tgz'], 2, 'usage', /b\.tgz/)
  })

  test('no network is exit 4; what is no document is exit 1; help is exit 0', async () => {
    await refused(['log', 'check', 'nowhere'], 2, 'usage', /nowhere/)
    await refused(['demo', 'advance', '1d', '--server', 'http://localhost:1'], 4, 'network')
    assert.equal((await run(['verify', join(folder, 'list.json')])).code, 1)
    const help = await run(['backup', '--help'])
    assert.deepEqual([help.code, help.stderr], [0, ''])
    assert.match(help.stdout, /backup FILE/)
    assert.equal((await run(['--help'])).code, 0)
  })

  test('a line that is no question gets its answer, and costs the others nothing', async () => {
    const asked = (id: string, at: string) => JSON.stringify({ id, rule: 'mx-lfea-11', at })
    const lines = [
      'null',
      '[1]',
      '{bad',
      asked('day', '2026-02-31T10:00:00-06:00'),
      asked('ok', '2026-11-17T10:00:00-06:00'),
    ]
    const { code, stdout } = await run(['notice-dates', '--batch'], `${lines.join('\n')}\n`)
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(code, 0)
    for (const answer of answers.slice(0, 3)) assert.match(answer.error, /not a JSON object/)
    assert.match(answers[3].error, /^at must be an instant/)
    assert.equal(answers[4].servedAt, '2026-11-30T00:00:00-06:00')
  })
})
