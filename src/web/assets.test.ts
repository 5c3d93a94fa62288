import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildAssets } from './assets.ts'

test('the script that reads an e.firma is one small file, and a browser runs it only as it left here', async () => {
  const { page, files } = await buildAssets(fileURLToPath(new URL('../../packs/mx', import.meta.url)))
  const script = files.get(page.script.url)!
  const digest = createHash('sha384').update(script.bytes).digest('base64')
  assert.equal(page.script.integrity, `sha384-${digest}`)
  assert.ok(script.brotli!.length < 20_000 && script.gzip!.length < 20_000, `${script.gzip!.length} bytes`)
  const text = script.bytes.toString('utf8')
  for (const forbidden of [
    'eval(',
    'new Function',
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'document.cookie',
    'http://',
  ])
    assert.equal(text.includes(forbidden), false, forbidden)
  assert.equal([...files.values()].filter(({ type }) => type.startsWith('text/javascript')).length, 1)
})
