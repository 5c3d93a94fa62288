import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { HOSTILE } from '#test/support/hostile-pdf.ts'

const child = fileURLToPath(new URL('../../../test/support/verify-files.ts', import.meta.url))
/** MB, of the whole process. */
const MOST_MEMORY = 512
/** What takes its time to make; by `script/test --long`. */
const LARGE = [
  ...['99 MB of nothing', '99 MB of blanks before an object', 'object streams that unpack to 40 MB each'],
  ...['numbers by the million in many objects', 'a name of 50 MB', 'references of a table without end'],
]

interface Told {
  problem?: string
  signatures: number
  sound: number
  peak: number
}

test('hostile, broken and huge files end with an answer, in a process with little memory', () => {
  const names = Object.keys(HOSTILE).filter((name) => process.env.LONG_TESTS === '1' || !LARGE.includes(name))
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-hostile-'))
  try {
    const paths = names.map((name, i) => {
      const path = join(folder, `${i}.pdf`)
      writeFileSync(path, HOSTILE[name]!())
      return path
    })
    const out = execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=300', child, ...paths], {
      encoding: 'utf8',
      // One that hangs is stopped; how long each takes is measured in bench/.
      timeout: 120_000,
    })
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Told)
    assert.equal(told.length, names.length)
    for (const [i, { sound, peak }] of told.entries()) {
      assert.equal(sound, 0, names[i])
      assert.ok(peak < MOST_MEMORY, `${names[i]}: ${peak} MB`)
    }
    const problems = Object.fromEntries(names.map((name, i) => [name, told[i]!.problem]))
    for (const [name, problem] of [
      ['more than 100 MB', 'too-large'],
      ['dictionaries by the million', 'too-large'],
      ['arrays in arrays', 'too-deep'],
      ['a string of 50 MB', 'too-large'],
      ['a thousand signatures', 'too-large'],
      ['a circle of references', 'broken'],
      ['encrypted', 'encrypted'],
      ['cut in the middle', 'not-a-pdf'],
    ])
      assert.equal(problems[name!], problem, name)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
