import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root, sources, walk } from './source.ts'

test('only kernel/clock.ts reads the time', () => {
  const reads = /Date\.now\(\)|new Date\(\)/
  const found = sources(['src', 'bin']).filter(
    ({ path, text }) => path !== 'src/kernel/clock.ts' && reads.test(withoutComments(text)),
  )
  assert.deepEqual(
    found.map(({ path }) => path),
    [],
  )
})

test('times with legal effect never come from the database: no SQL now()', () => {
  const found = sources(['src/modules', 'src/channels']).filter(({ text }) =>
    /\bnow\(\)|current_timestamp/i.test(sqlIn(text)),
  )
  assert.deepEqual(
    found.map(({ path }) => path),
    [],
  )
})

test('a module holds a README, an index and, where it refuses, sentences', () => {
  const missing: string[] = []
  const modules = new Set(sources(['src/modules']).map(({ path }) => path.split('/').slice(0, 3).join('/')))
  for (const folder of modules) {
    for (const file of ['README.md', 'index.ts'])
      if (!existsSync(join(root, folder, file))) missing.push(`${folder}/${file}`)
    if (existsSync(join(root, folder, 'errors.ts')) && !existsSync(join(root, folder, 'texts.ts')))
      missing.push(`${folder}/texts.ts`)
  }
  assert.deepEqual(missing, [])
})

test('no drawer for everything: utils, helpers, common, manager, service', () => {
  const drawers = walk(join(root, 'src')).filter((path) =>
    /(^|[/-])(utils?|helpers?|common|managers?|services?|misc)\.ts$/.test(path),
  )
  assert.deepEqual(drawers, [])
})

test('the code knows no country: its names are in the pack', () => {
  const country = /\b(México|Mexico(?!_City)|SAT|COFEPRIS|SEMARNAT|INDAUTOR)\b/
  const found = sources(['src']).filter(({ text }) => country.test(withoutComments(text)))
  assert.deepEqual(
    found.map(({ path }) => path),
    [],
  )
})

test('every table belongs to the schema of its module', () => {
  const wrong: string[] = []
  for (const path of walk(join(root, 'src')).filter((each) => /migrations\/\d{4}_[\w-]+\.sql$/.test(each))) {
    const module = path.split('/').at(-3)!
    const sql = readFileSync(path, 'utf8')
    for (const [, schema] of sql.matchAll(/create (?:unlogged )?table (?:if not exists )?(\w+)\./gi)) {
      if (schema !== module.replaceAll('-', '_')) wrong.push(`${module}: ${schema}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('no page has an inline script or style', () => {
  const inline = /<script(?![^>]*\bsrc=)|<style[\s>]|\sstyle="|\son(click|load|submit|change)=/
  const found = sources(['src/web', 'src/channels']).filter(({ text }) => inline.test(withoutComments(text)))
  assert.deepEqual(
    found.map(({ path }) => path),
    [],
  )
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

/** What stands inside sql`…` and migrations' strings. */
function sqlIn(text: string): string {
  return [...text.matchAll(/sql(?:<[^`]*>)?`([^`]*)`/g)].map((match) => match[1]).join('\n')
}
