import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { test } from 'node:test'
import { hashLeaf, hashNode } from '#trust/merkle/tree.ts'
import { run } from './check-proof.ts'

const [one, two] = [hashLeaf(Buffer.from('1')), hashLeaf(Buffer.from('2'))]
const root = hashNode(one, two)
const base64 = (bytes: Buffer): string => bytes.toString('base64')

async function ask(...questions: unknown[]): Promise<Array<{ id: unknown; indication: string }>> {
  const lines = questions.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  let out = ''
  const stdout = new Writable({
    write(chunk, _, done) {
      out += String(chunk)
      done()
    },
  })
  await run(['--batch'], { stdin: Readable.from([`${lines.join('\n')}\n`]), stdout, stderr: stdout })
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('each line is answered, in its order, with its id; what is malformed has failed', async () => {
  const grown = { kind: 'consistency', oldSize: 1, newSize: 2, oldRoot: base64(one), newRoot: base64(root) }
  const held = { kind: 'inclusion', leafIndex: 0, treeSize: 2, root: base64(root), leafHash: base64(one) }
  const same = { kind: 'consistency', oldSize: 1, newSize: 1, oldRoot: base64(one), newRoot: base64(one) }
  const answers = await ask(
    { id: 'a', ...grown, proof: [base64(two)] },
    { id: 'b', ...held, proof: [base64(two)] },
    { id: 'c', ...same, proof: null },
    { id: 'd', ...grown, proof: [] },
    { id: 'e', ...grown, proof: ['not base64'] },
    { id: 'f', ...grown, proof: 'x' },
    { id: 'g', ...held, proof: [base64(one)] },
    { id: 'h', kind: 'other', proof: [] },
    { id: 'i', ...held, leafIndex: '0', proof: [base64(two)] },
    '{',
    '[]',
  )
  assert.deepEqual(
    answers.map(({ id, indication }) => `${id} ${indication}`),
    [
      ...['a', 'b', 'c'].map((id) => `${id} PASSED`),
      ...['d', 'e', 'f', 'g', 'h', 'i', 'null', 'null'].map((id) => `${id} FAILED`),
    ],
  )
})
