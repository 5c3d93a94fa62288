import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { basePdf, stream } from '#test/support/signed-pdf.ts'
import { openExaminer } from './open-examiner.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examiner-'))
})
after(() => rm(folder, { recursive: true, force: true }))
const place = () => ({
  dataDir: folder,
  packDir: fileURLToPath(new URL('../../../packs/mx', import.meta.url)),
  demo: true,
})
const now = new Date('2026-11-24T15:00:00Z')

test('a file is examined in a thread, several asked at once each get their own answer', async () => {
  const examiner = openExaminer({ place: place() })
  const answers = await Promise.all(
    [basePdf(), Buffer.from('hola'), basePdf()].map((each) => examiner.examine(each, now)),
  )
  assert.deepEqual(
    answers.map(({ verdict }) => verdict),
    ['unsigned', 'unreadable', 'unsigned'],
  )
  await examiner.close()
})

test('one that never ends, or ends the thread, is answered, and the next is examined all the same', async () => {
  const script = join(folder, 'thread.mjs')
  await writeFile(
    script,
    `import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ bytes }) => {
  if (bytes[0] === 1) for (;;);
  if (bytes[0] === 2) process.exit(1)
  if (bytes[0] === 3) return parentPort.postMessage({ fault: 'ours' })
  parentPort.postMessage({ explanation: { verdict: 'sound' } })
})`,
  )
  const examiner = openExaminer({ place: place(), milliseconds: 2000, script: pathToFileURL(script) })
  const [endless, deadly, faulty, next] = await Promise.allSettled(
    [1, 2, 3, 0].map((first) => examiner.examine(Buffer.from([first]), now)),
  )
  const problemOf = (answer: typeof endless) => (answer!.status === 'fulfilled' ? answer!.value.problem : 'rejected')
  assert.equal(problemOf(endless), 'too-large')
  assert.equal(problemOf(deadly), 'too-large')
  assert.equal(faulty!.status, 'rejected')
  assert.equal(next!.status === 'fulfilled' && next!.value.verdict, 'sound')
  await examiner.close()
})

test('of one who sends many, and of many at once, only some wait: the others are told to come again', async () => {
  const examiner = openExaminer({ place: place() })
  const ask = (from: string) => examiner.examine(Buffer.from('hola'), now, from).then(() => 'answered', busy)
  const busy = (error: { code?: string; status?: number }) => `${error.code} ${error.status}`
  const ofOne = await Promise.all(Array.from({ length: 10 }, () => ask('one')))
  assert.deepEqual([...new Set(ofOne.slice(0, 4)), ...new Set(ofOne.slice(4))], ['answered', 'verify-busy 503'])
  const ofMany = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(`line ${i}`)))
  assert.equal(ofMany.filter((each) => each === 'answered').length, 16)
  assert.equal(await ask('one'), 'answered')
  await examiner.close()
})

test('data nested deeper than threads can pass on cost nobody the answer', async () => {
  const examiner = openExaminer({ place: place() })
  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const file = basePdf({
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(data.json) 5 0 R] >> >> >>',
    5: '<< /Type /Filespec /F (data.json) /UF (data.json) /EF << /F 6 0 R >> >>',
    6: stream('/Type /EmbeddedFile', deep),
  })
  assert.equal((await examiner.examine(file, now)).verdict, 'unsigned')
  await examiner.close()
})
