import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, day, issue, newKey, revocationList } from '#test/support/pki.ts'
import { dataOf, factsOf, stampedBy } from '#test/support/signature-facts.ts'
import { stamper } from '#test/support/signed-pdf.ts'
import { createPathCache, type PathCache } from '#trust/path/check-path.ts'
import { readGrounds } from './grounds.ts'
import { validateSignature } from './validate-signature.ts'

const root = authority({ subject: 'root' })
const at = day('2025-06-15')
const key = newKey()

/** Counts what is really computed. */
function countingCache(): PathCache & { computed: number } {
  const { signature, state } = createPathCache()
  const counting = {
    computed: 0,
    state,
    signature: ((id, verify) =>
      signature(id, () => {
        const verdict = verify()
        counting.computed += 1
        return verdict
      })) as PathCache['signature'],
  }
  return counting
}

/** Authorities of one name that certified nobody: each has to be tried. */
const thicket = (name: string, count: number): Buffer[] =>
  Array.from({ length: count }, () => authority({ subject: name, key: newKey() }).certificate.der)

test('time-stamps of nobody under hundreds of authorities of one name: the file is given up, and the bound is named', () => {
  const stranger = authority({ subject: 'X' })
  const stamps = Array.from({ length: 12 }, () => stampedBy(stamper(stranger), day('2025-06-01'), dataOf()))
  const evidence = { ...dataOf(), certificates: thicket('X', 300) }
  const cache = countingCache()
  const grounds = readGrounds({ trustAnchors: [root.certificate], evidence, at, cache })
  for (const count of [12, 11, 3]) {
    const facts = factsOf(issue({ subject: 'signer', issuer: stranger, key }), { timestamps: stamps.slice(0, count) })
    const { indication, reason } = validateSignature({ facts }, grounds)
    assert.equal(indication, 'INDETERMINATE')
    assert.match(reason, /\(bound: 2000 signatures\)/)
  }
  assert.equal(cache.computed, 2000)
})

test('the same question is asked once, however many signatures one time-stamp covers', () => {
  const time = stamper(root)
  const stamps = Array.from({ length: 10 }, () => stampedBy(time, day('2025-06-01'), dataOf()))
  const crls = [revocationList({ issuer: root })]
  const cache = countingCache()
  const grounds = readGrounds({ trustAnchors: [root.certificate], evidence: dataOf(...crls), at, cache })
  for (let i = 0; i < 30; i += 1) {
    const facts = factsOf(issue({ subject: 'signer', issuer: root, key }), { timestamps: stamps })
    assert.equal(validateSignature({ facts }, grounds).indication, 'TOTAL-PASSED')
  }
  assert.ok(cache.computed <= 35, `${cache.computed} signatures`)
})

test('whoever stuffs a file does not keep it from being known that they were revoked', () => {
  const signer = issue({ subject: 'signer', issuer: root, key })
  const { serial } = signer.certificate
  const revoked = revocationList({ issuer: root, revoked: [{ serial, at: day('2025-05-01') }], number: 2 })
  const stranger = authority({ subject: 'root' })
  // Lists that seem to be of the same authority, newer than the one that says it.
  const forged = Array.from({ length: 2100 }, (_, i) =>
    revocationList({ issuer: stranger, revoked: [{ serial }], number: i + 10, thisUpdate: day('2025-06-10') }),
  )
  for (const revocation of ['require', 'if-known'] as const) {
    const evidence = dataOf(...forged, revoked)
    const grounds = readGrounds({ trustAnchors: [root.certificate], evidence, at, revocation })
    const { indication } = validateSignature({ facts: factsOf(signer) }, grounds)
    assert.notEqual(indication, 'TOTAL-PASSED', revocation)
  }
})
