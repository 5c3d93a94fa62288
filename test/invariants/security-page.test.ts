import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './source.ts'

const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')

test('what the threat page points at is there', () => {
  const targets = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!)
  assert.ok(targets.length > 40)
  assert.deepEqual(
    targets.filter((target) => !existsSync(join(root, target))),
    [],
  )
})

test('each attack names a test', () => {
  const attacks = page.split('## Attacks, and where each is tested')[1]!.split('\n## ')[0]!
  const rows = attacks.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| attack'))
  assert.ok(rows.length > 25)
  assert.deepEqual(
    rows.filter((row) => !/\.test\.ts\)[^|]*\|$/.test(row)),
    [],
  )
})
