import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, day, type Holder, issue, newKey, ocspResponse, reason, revocationList } from '#test/support/pki.ts'
import { checkPath, type PathInput } from './check-path.ts'
import { DEFAULT_BOUNDS, WorkBudget } from './work-bounds.ts'

const at = day('2025-06-01')
const root = authority({ subject: 'root' })

/** Authorities that all certify each other: as many ways as there are orders. */
function thicket(size: number): { end: Holder; others: Holder[] } {
  const keys = Array.from({ length: size }, newKey)
  const named = keys.map((key, i) => authority({ subject: `a${i}`, key }))
  const others = named.flatMap((issuer, i) =>
    keys.flatMap((key, j) => (i === j ? [] : [authority({ subject: `a${j}`, key, issuer })])),
  )
  return { end: issue({ subject: 'end', issuer: named[0] }), others }
}

const judge = (end: Holder, others: Holder[], more: Partial<PathInput> = {}) =>
  checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: others.map(({ certificate }) => certificate),
    at,
    revocation: 'none',
    ...more,
  })

test('a refusal names the bound that was met, and what it was', () => {
  const { end, others } = thicket(6)
  const nodes = judge(end, others, { bounds: { nodes: 20 } })
  assert.equal(nodes.bound, 'nodes')
  assert.match(nodes.reason, /more than 20 signatures .*\(bound: nodes\)/)
  assert.equal(nodes.subIndication, 'NO_CERTIFICATE_CHAIN_FOUND')

  for (const most of [others.length / 2, others.length + 10]) {
    let asked = 0
    const time = judge(end, others, { bounds: { milliseconds: most * 10 }, elapsed: () => ++asked * 10 })
    assert.equal(time.bound, 'milliseconds')
    assert.match(time.reason, new RegExp(`more than ${most * 10} milliseconds`))
    assert.ok(
      asked <= others.length + 12,
      'while reading it goes through the rest without reading, while searching it stops',
    )
  }

  const bytes = judge(end, others, { bounds: { bytes: 1000 } })
  assert.equal(bytes.bound, 'bytes')
  assert.match(bytes.reason, /more than 1000 bytes/)
  assert.deepEqual(bytes.path, [], 'nothing was read')

  const first = authority({ subject: 'first', issuer: root })
  const second = authority({ subject: 'second', issuer: first })
  const deep = issue({ subject: 'deep', issuer: second })
  assert.equal(judge(deep, [first, second], { bounds: { depth: 1 } }).bound, 'depth')
  assert.equal(judge(deep, [first, second], { bounds: { depth: 2 } }).indication, 'PASSED')
})

test('many ways to the anchor that all fail are given up after so many', () => {
  const keys = [newKey(), newKey(), newKey()]
  const expired = { notAfter: day('2024-01-01') }
  const layer = (name: string, key: (typeof keys)[number], above: Holder[]): Holder[] =>
    above.flatMap((issuer) => [1, 2, 3].map((serial) => authority({ subject: name, key, issuer, serial, ...expired })))
  const first = layer('x', keys[0]!, [root])
  const second = layer('y', keys[1]!, first.slice(0, 1))
  const third = layer('z', keys[2]!, second.slice(0, 1))
  const end = issue({ subject: 'end', issuer: third[0] })
  const report = judge(end, [...first, ...second, ...third], { bounds: { paths: 5 } })
  assert.equal(report.subIndication, 'OUT_OF_BOUNDS_NO_POE', 'what was found is told, not the bound')
  assert.equal(report.bound, undefined)
})

test('a list that no signature is left for makes a status unknown, by the name of the bound', () => {
  const issuer = authority({ subject: 'issuer', issuer: root })
  const end = issue({ subject: 'end', issuer })
  const crls = [revocationList({ issuer })]
  const report = judge(end, [issuer], { crls, revocation: 'require-leaf', bounds: { nodes: 2 } })
  assert.equal(report.subIndication, 'TRY_LATER')
  assert.equal(report.bound, 'nodes')
  assert.equal(judge(end, [issuer], { crls, revocation: 'require-leaf', bounds: { nodes: 3 } }).indication, 'PASSED')
})

test('what is not given is as by default, and a bound once met stays met', () => {
  const work = new WorkBudget({ nodes: 1, depth: undefined })
  assert.equal(work.takeNode(), true)
  assert.equal(work.takeNode(), false)
  assert.equal(work.takeNode(), false)
  assert.deepEqual(work.ended, { bound: 'nodes', limit: 1 })
  assert.equal(work.allowsDepth(DEFAULT_BOUNDS.depth), true)
  assert.equal(work.allowsDepth(DEFAULT_BOUNDS.depth + 1), false)
})

test('lists stuffed in by the hundred hide no revocation behind them', () => {
  const issuer = authority({ subject: 'issuer', issuer: root })
  const end = issue({ subject: 'end', issuer })
  const forger = authority({ subject: 'issuer' })
  const revoking = revocationList({ issuer, revoked: [{ serial: end.certificate.serial, extensions: [reason(1)] }] })
  const stuffing = Array.from({ length: 30 }, (_, number) =>
    revocationList({
      issuer: forger,
      number,
      thisUpdate: day('2025-05-01'),
      revoked: [{ serial: end.certificate.serial, extensions: [reason(1)] }],
    }),
  )
  const ocspResponses = [ocspResponse({ certificate: end.certificate, issuer, thisUpdate: at })]
  const ask = (crls: Buffer[], nodes: number) =>
    judge(end, [issuer], { crls, ocspResponses, revocation: 'require-leaf', bounds: { nodes } })
  assert.equal(ask([], 20).indication, 'PASSED')
  assert.equal(ask([revoking], 20).subIndication, 'REVOKED')
  const stuffed = ask([...stuffing, revoking], 20)
  assert.deepEqual([stuffed.subIndication, stuffed.bound], ['TRY_LATER', 'nodes'])
  assert.equal(ask([...stuffing, revoking], 100).subIndication, 'REVOKED')
})
