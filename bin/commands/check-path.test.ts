import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { authority, issue } from '#test/support/pki.ts'
import { run } from './check-path.ts'

const root = authority({ subject: 'root' })
const end = issue({ subject: 'end', issuer: root })
const good = {
  id: 'good',
  certificate: end.certificate.der.toString('base64'),
  trustAnchors: [root.certificate.der.toString('base64')],
  at: '2025-06-01T00:00:00Z',
  revocation: 'none',
}

type Answer = Record<'id' | 'indication' | 'subIndication' | 'reason' | 'bound' | 'doubt', unknown>

async function ask(lines: string[]): Promise<Answer[]> {
  const stdout = new PassThrough()
  const written = text(stdout)
  const code = await run(['--batch'], { stdin: Readable.from([lines.join('\n')]), stdout, stderr: new PassThrough() })
  stdout.end()
  assert.equal(code, 0)
  return (await written)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('each case gets its answer, in order', async () => {
  const lines = [good, { ...good, id: 2, revocation: 'require' }, { ...good, id: 'late', at: '2031-01-01T00:00:00Z' }]
  const answers = await ask(lines.map((each) => JSON.stringify(each)))
  assert.deepEqual(
    answers.map(({ id, indication, subIndication }) => [id, indication, subIndication]),
    [
      ['good', 'PASSED', undefined],
      [2, 'INDETERMINATE', 'TRY_LATER'],
      ['late', 'INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE'],
    ],
  )
})

test('a line that is no case gets an answer, and costs the others nothing', async () => {
  const broken: unknown[] = [
    { ...good, certificate: undefined },
    { ...good, certificate: 'no base64!' },
    { ...good, trustAnchors: 'AAAA' },
    { ...good, crls: [1] },
    { ...good, at: 'yesterday' },
    { ...good, at: undefined },
    { ...good, revocation: 'perhaps' },
    { ...good, allowLegacyAlgorithms: 'yes' },
    { ...good, policy: { initialPolicies: ['any'] } },
    [good],
    null,
  ]
  const answers = await ask(['{', ...broken.map((each) => JSON.stringify(each)), JSON.stringify(good)])
  assert.equal(answers.length, broken.length + 2)
  for (const answer of answers.slice(0, -1)) {
    assert.equal(answer.indication, 'INDETERMINATE')
    assert.equal(typeof answer.reason, 'string')
  }
  assert.equal(answers.at(-1)?.indication, 'PASSED')
})

test('a bound that was met is named, and a doubt says what would settle it', async () => {
  const cases = [
    { ...good, bounds: { nodes: 0 } },
    { ...good, bounds: { bytes: 10 } },
    { ...good, bounds: { depth: 0, milliseconds: 60_000 } },
    { ...good, bounds: { hours: 1 } },
    { ...good, revocation: 'require' },
  ]
  const [nodes, bytes, shallow, unknown, doubtful] = await ask(cases.map((each) => JSON.stringify(each)))
  assert.deepEqual([nodes?.bound, bytes?.bound], ['nodes', 'bytes'])
  assert.equal(shallow?.indication, 'PASSED')
  assert.equal(unknown?.subIndication, 'FORMAT_FAILURE')
  assert.match(JSON.stringify(doubtful), /"cause":"missing","sources":\[\]/)
})
