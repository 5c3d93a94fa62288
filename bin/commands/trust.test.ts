import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pem } from '#test/support/openssl.ts'
import { authority, day, issue } from '#test/support/pki.ts'

const cli = fileURLToPath(new URL('../ventanilla', import.meta.url))
const root = authority({ subject: 'RAIZ', notAfter: day('2040-01-01') })
const other = authority({ subject: 'RAIZ', notAfter: day('2040-01-01') })
const issuer = authority({ subject: 'EMISORA', issuer: root, notAfter: day('2021-01-01') })

describe('trust', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'trust-command-'))
  })
  after(() => rmSync(folder, { recursive: true }))
  const put = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const trust = (...words: string[]) =>
    new Promise<{ exit: number; out: string; err: string }>((done) => {
      const env = { PATH: process.env.PATH!, DATA_DIR: join(folder, 'data') }
      execFile(cli, ['trust', ...words], { env }, (error, out, err) =>
        done({ exit: Number(error?.code ?? 0), out, err }),
      )
    })
  const listed = async () => JSON.parse((await trust('list', '--json')).out).items

  test('an authority whose root is not there, a person, a file that is none: refused, and nothing is kept', async () => {
    const lone = put('issuer.cer', issuer.certificate.der)
    const refusals: Array<[words: string[], sentence: RegExp]> = [
      [['add', '--unpinned', lone], /no root that is trusted here/],
      [['add', '--unpinned', put('other.cer', other.certificate.der), lone], /issuer\.cer: no root/],
      [
        ['add', '--unpinned', put('person.cer', issue({ subject: 'PERSONA', issuer: root }).certificate.der)],
        /nobody who issues/,
      ],
      [['add', '--unpinned', put('broken.cer', 'broken')], /not a certificate/],
      [['add', put('root.cer', root.certificate.der)], /not pinned.*--unpinned/],
      [['add', '--unpinned', put('root2.cer', root.certificate.der), join(folder, 'nowhere.cer')], /nowhere\.cer/],
    ]
    for (const [words, sentence] of refusals) {
      const { exit, err } = await trust(...words)
      assert.equal(exit, 2, words.join(' '))
      assert.match(JSON.parse(err).error.message, sentence)
    }
    assert.deepEqual(await listed(), [])
  })

  test('a root and what it issued come in together, in any order, DER or PEM; twice does no harm, also at once', async () => {
    const words = [
      'add',
      '--unpinned',
      put('issuer.pem', pem('CERTIFICATE', issuer.certificate.der)),
      put('root.cer', root.certificate.der),
    ]
    const first = await trust(...words, '--json')
    assert.deepEqual(
      JSON.parse(first.out).items.map((each: { name: string; already: boolean }) => [each.name, each.already]),
      [
        ['EMISORA', false],
        ['RAIZ', false],
      ],
    )
    const again = await Promise.all([trust(...words), trust(...words)])
    for (const { exit, out } of again) assert.ok(exit === 0 && /already/.test(out), out)
    assert.deepEqual(
      readdirSync(join(folder, 'data/trust/unpinned')).sort(),
      [`${issuer.certificate.sha256}.cer`, `${root.certificate.sha256}.cer`].sort(),
    )
  })

  test('the list says who, since when and until when, how they came, and what is a demo’s', async () => {
    const items = await listed()
    assert.deepEqual(
      items
        .map(({ name, anchor, source, demo, force }: Record<string, unknown>) => [name, anchor, source, demo, force])
        .sort(),
      [
        ['EMISORA', false, 'unpinned', false, 'ended'],
        ['RAIZ', true, 'unpinned', false, 'in-force'],
      ],
    )
    const { out } = await trust('list')
    assert.match(out, /^anchor {2}unpinned {3}2020-01-01 to 2040-01-01 {2}RAIZ\n {8}SHA-256 [0-9a-f]{64}\nissuer/)
    assert.match(out, /2021-01-01, ended {2}EMISORA/)
  })
})
