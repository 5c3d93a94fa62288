import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, sources } from './source.ts'

/** Lower modules first: each may import those before it, through their index.ts. */
const modules = [
  'ledger',
  'calendars',
  'identity',
  'seals',
  'timestamping',
  'documents',
  'preservation',
  'appointments',
  'catalogue',
  'post-office',
  'cases',
  'case-files',
  'verification',
  'demo',
]

const layerOf = (path: string) => /^src\/(kernel|trust|modules|web|channels)\//.exec(path)?.[1]
const moduleOf = (path: string) => /^src\/modules\/([\w-]+)\//.exec(path)?.[1]

const allowed: Record<string, string[]> = {
  kernel: ['kernel'],
  trust: ['trust'],
  modules: ['modules', 'kernel', 'trust'],
  web: ['web', 'modules', 'kernel', 'trust'],
  channels: ['channels', 'modules', 'web', 'kernel', 'trust'],
}

test('imports follow the arrows: main → channels → modules → kernel, trust; web serves the channels', () => {
  const wrong: string[] = []
  for (const file of sources(['src'])) {
    const layer = layerOf(file.path)
    if (!layer) continue
    for (const target of importsOf(file)) {
      const other = layerOf(target)
      if (!other || !allowed[layer]!.includes(other)) wrong.push(`${file.path} → ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('modules meet through index.ts, along one acyclic list', () => {
  const wrong: string[] = []
  for (const file of sources(['src'])) {
    const here = moduleOf(file.path)
    for (const target of importsOf(file)) {
      const there = moduleOf(target)
      if (!there || there === here) continue
      if (!modules.includes(there)) wrong.push(`${there} is not in the list`)
      const throughIndex = target === `src/modules/${there}/index.ts`
      const upward = here !== undefined && modules.indexOf(there) > modules.indexOf(here)
      if (!throughIndex || upward) wrong.push(`${file.path} → ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('a channel does not import another channel', () => {
  const channelOf = (path: string) => /^src\/channels\/([\w-]+)\//.exec(path)?.[1]
  const wrong = sources(['src/channels']).flatMap((file) =>
    importsOf(file)
      .filter((target) => channelOf(target) && channelOf(target) !== channelOf(file.path))
      .map((target) => `${file.path} → ${target}`),
  )
  assert.deepEqual(wrong, [])
})
