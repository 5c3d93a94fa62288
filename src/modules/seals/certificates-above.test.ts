import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, issue } from '#test/support/pki.ts'
import { certificatesAbove } from './certificates-above.ts'

const root = authority({ subject: 'root' })
const middle = authority({ subject: 'middle', issuer: root })
const seal = issue({ subject: 'seal', issuer: middle })
const der = (...holders: Array<{ certificate: { der: Buffer } }>) => holders.map(({ certificate }) => certificate.der)

test('what leads upward goes along, in that order, whatever the file’s; nothing else does', () => {
  const stranger = issue({ subject: 'stranger' })
  const namesake = authority({ subject: 'middle', issuer: root })
  const other = issue({ subject: 'seal', issuer: middle })
  const given = [...der(root, stranger, namesake, other, middle, seal), Buffer.from('no certificate')]
  assert.deepEqual(certificatesAbove(seal.certificate, given), der(middle, root))
  assert.deepEqual(certificatesAbove(seal.certificate, der(root, stranger)), [])
  assert.deepEqual(certificatesAbove(root.certificate, der(root, middle)), [])
})

test('two that name each other do not go on for ever', () => {
  const a = authority({ subject: 'a' })
  const b = authority({ subject: 'b', issuer: a })
  const again = authority({ subject: 'a', issuer: b, key: a.key })
  assert.ok(certificatesAbove(issue({ subject: 'x', issuer: a }).certificate, der(again, b)).length <= 2)
})
