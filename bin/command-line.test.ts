import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { UsageRefusal } from './read-options.ts'
import type { Command } from './ventanilla.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/operate/command-line.md'), 'utf8')
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
)
const names = execFileSync(join(root, 'bin/ventanilla'), ['--help'], { encoding: 'utf8' })
  .split('\n')
  .slice(1)
  .flatMap((line) => /^ {2}(\S+) /.exec(line)?.[1] ?? [])

const flagsIn = (text: string): Set<string> => new Set(text.match(/--[a-z][a-z0-9-]+/g))

async function usageOf(name: string): Promise<string> {
  const { run }: Command = await import(`./commands/${name}.ts`)
  try {
    await run(['--help'], process)
  } catch (error) {
    if (error instanceof UsageRefusal) return error.usage
    throw error
  }
  throw new Error(`${name} --help says nothing`)
}

test('every command is documented, and no other', () => {
  assert.deepEqual([...sections.keys()].sort(), [...names].sort())
  const files = readdirSync(join(root, 'bin/commands')).filter((file) => !file.endsWith('.test.ts'))
  const own = files.map((file) => file.replace(/\.ts$/, '')).filter((file) => file !== 'verify-batch')
  assert.deepEqual(
    names.filter((name) => !own.includes(name)),
    [],
  )
})

for (const name of names)
  test(`${name}: the page names every option of its usage, and none that it has not`, async () => {
    const usage = flagsIn(await usageOf(name))
    const told = flagsIn(sections.get(name) ?? '')
    assert.deepEqual(
      [...usage].filter((flag) => !told.has(flag)),
      [],
      'not on the page',
    )
    const text = readFileSync(join(root, 'bin/commands', `${name}.ts`), 'utf8')
    const unknown = [...told].filter((flag) => !usage.has(flag) && !text.includes(flag.slice(2)) && flag !== '--json')
    assert.deepEqual(unknown, [], 'only on the page')
  })
