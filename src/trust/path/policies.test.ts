import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, extension, type Holder, issue } from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath, type PolicyInput } from './check-path.ts'
import { anyPolicyLevel, hasAcceptedPolicy, mapPolicies, nextLevel, type PolicyLevel } from './policy-graph.ts'

const at = new Date('2025-06-01T12:00:00Z')
const [P1, P2, P3] = ['1.2.3.1', '1.2.3.2', '1.2.3.3']
const ANY = OID.anyPolicy

const policies = (...oids: string[]): Buffer =>
  extension(OID.certificatePolicies, der.sequence(...oids.map((each) => der.sequence(der.oid(each)))))
const mappings = (...pairs: Array<[string, string]>): Buffer =>
  extension(OID.policyMappings, der.sequence(...pairs.map(([a, b]) => der.sequence(der.oid(a), der.oid(b)))), true)
const limits = (explicit?: number, mapping?: number): Buffer =>
  extension(
    OID.policyConstraints,
    der.sequence(
      ...(explicit === undefined ? [] : [der.contextPrimitive(0, Buffer.from([explicit]))]),
      ...(mapping === undefined ? [] : [der.contextPrimitive(1, Buffer.from([mapping]))]),
    ),
    true,
  )
const inhibitAny = (count: number): Buffer => extension(OID.inhibitAnyPolicy, der.integer(count), true)

const root = authority({ subject: 'root' })

/** A path whose authorities and end have those extensions; whether it passes. */
function passes(steps: Buffer[][], policy: PolicyInput = {}): boolean {
  const authorities: Holder[] = []
  for (const extensions of steps.slice(0, -1))
    authorities.push(authority({ subject: `a${authorities.length}`, issuer: authorities.at(-1) ?? root, extensions }))
  const end = issue({ subject: 'end', issuer: authorities.at(-1) ?? root, extensions: steps.at(-1) })
  const report = checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: authorities.map(({ certificate }) => certificate),
    at,
    revocation: 'none',
    policy,
  })
  if (report.indication !== 'PASSED') assert.equal(report.checks.at(-1)?.name, 'policies')
  return report.indication === 'PASSED'
}

const explicit = (...initialPolicies: string[]): PolicyInput => ({ explicitPolicy: true, initialPolicies })

test('a policy holds when each certificate has it (RFC 5280, 6.1.3 d)', () => {
  assert.equal(passes([[policies(P1)], [policies(P1)]], explicit()), true)
  assert.equal(passes([[policies(P1)], [policies(P1)]], explicit(P1)), true)
  assert.equal(passes([[policies(P1)], [policies(P1)]], explicit(P2)), false)
  assert.equal(passes([[policies(P1)], [policies(P1)]], explicit(P1, P2)), true)
  assert.equal(passes([[policies(P1)], [policies(P2)]], explicit()), false)
  assert.equal(passes([[policies(P1)], []], explicit()), false)
  assert.equal(passes([[], [policies(P1)]], explicit()), false)
  assert.equal(passes([[policies(P1)], [policies(P2)]]), true, 'where none is required none needs to hold')
})

test('anyPolicy stands for each, until it is inhibited (6.1.3 d 2, 6.1.4 j)', () => {
  assert.equal(passes([[policies(ANY)], [policies(P1)]], explicit(P1)), true)
  assert.equal(passes([[policies(P1)], [policies(ANY)]], explicit(P1)), true)
  assert.equal(passes([[policies(ANY)], [policies(ANY)]], explicit(P1)), true)
  assert.equal(passes([[policies(ANY)], [policies(P1)]], { ...explicit(P1), inhibitAnyPolicy: true }), false)
  assert.equal(passes([[policies(P1), inhibitAny(0)], [policies(ANY)]], explicit()), false)
  assert.equal(passes([[policies(P1), inhibitAny(1)], [policies(ANY)], [policies(P1)]], explicit()), true)
  assert.equal(passes([[policies(P1), inhibitAny(1)], [policies(P1)], [policies(ANY)]], explicit()), false)
})

test('an authority may require a policy of those under it (6.1.4 i, 6.1.5 b)', () => {
  assert.equal(passes([[limits(0), policies(P1)], []]), false)
  assert.equal(passes([[limits(0), policies(P1)], [policies(P1)]]), true)
  assert.equal(passes([[limits(1)], [], []]), false)
  assert.equal(passes([[limits(3)], [], []]), true)
  assert.equal(passes([[limits(2)], [], [], []]), false, 'each authority counts down')
  assert.equal(
    passes([[policies(P1)], [policies(P2), limits(0)]]),
    false,
    'the last certificate may require it of itself',
  )
})

test('mappings carry a policy into another domain (6.1.4 b)', () => {
  const mapped = [policies(P1), mappings([P1, P2])]
  assert.equal(passes([mapped, [policies(P2)]], explicit(P1)), true)
  assert.equal(
    passes([mapped, [policies(P2)]], explicit(P2)),
    false,
    "the user's policies are those of the anchor's domain",
  )
  assert.equal(passes([mapped, [policies(P1)]], explicit()), false)
  assert.equal(passes([mapped, [policies(P2)]], { ...explicit(), inhibitPolicyMapping: true }), false)
  assert.equal(passes([[policies(P1), limits(undefined, 0)], mapped, [policies(P2)]], explicit()), false)
  const later = [policies(P1), limits(undefined, 1)]
  assert.equal(passes([later, mapped, [policies(P2)]], explicit()), true)
  assert.equal(passes([later, [policies(P1)], mapped, [policies(P2)]], explicit()), false, 'each authority counts down')
  assert.equal(passes([[policies(ANY), mappings([P1, P2])], [policies(P2)]], explicit(P1)), true)
  assert.equal(passes([[policies(P1), mappings([P1, P2], [P1, P3])], [policies(P3)]], explicit(P1)), true)
  assert.equal(passes([[policies(P1), mappings([ANY, P2])], [policies(P2)]]), false)
  assert.equal(passes([[policies(P1), mappings([P1, ANY])], [policies(P1)]]), false)
})

test('a chain made to multiply policies is bounded (RFC 9618, 3.2)', () => {
  const names = Array.from({ length: 40 }, (_, i) => `1.2.3.${i}`)
  let level: PolicyLevel = anyPolicyLevel()
  for (let depth = 0; depth < 30; depth++) {
    level = nextLevel(level, names, true)
    const pairs = names.slice(0, 20).flatMap((issuer) => names.slice(0, 20).map((subject) => ({ issuer, subject })))
    level = mapPolicies(level, pairs, true)
  }
  assert.ok(level.size <= 40)
  assert.equal(hasAcceptedPolicy(level, new Set([names[39]!])), true)
  assert.equal(hasAcceptedPolicy(level, new Set(['1.2.3.99'])), false)
})

test('mappings beyond the bound end the path, not the server', () => {
  const names = Array.from({ length: 80 }, (_, i) => `1.2.3.${i}`)
  const pairs = names.flatMap((a) => names.map((b): [string, string] => [a, b]))
  assert.equal(passes([[policies(...names), mappings(...pairs)], [policies(P1)]], explicit()), false)
})

test("an anchor's own policies, constraints and inhibitions hold for what is under it (RFC 5937, 3.2)", () => {
  const under = (own: Buffer[], steps: Buffer[], policy: PolicyInput): boolean => {
    const anchor = authority({ subject: 'anchor', extensions: own })
    const end = issue({ subject: 'end', issuer: anchor, extensions: steps })
    const { indication } = checkPath({
      certificate: end.certificate,
      trustAnchors: [anchor.certificate],
      at,
      revocation: 'none',
      policy,
    })
    return indication === 'PASSED'
  }
  assert.equal(under([policies(P1)], [policies(P1)], explicit()), true)
  assert.equal(under([policies(P1)], [policies(P2)], explicit()), false)
  assert.equal(under([policies(P1)], [policies(P1)], explicit(P2)), false)
  assert.equal(under([policies(P1)], [policies(ANY)], explicit(P1)), true)
  assert.equal(under([policies(P1)], [policies(ANY)], explicit(P2)), false)
  assert.equal(under([policies(ANY)], [policies(P2)], explicit(P2)), true)
  assert.equal(under([policies(P1)], [policies(P2)], {}), true, 'where no policy is required')
  assert.equal(under([limits(0)], [], {}), false)
  assert.equal(under([inhibitAny(0)], [policies(ANY)], explicit(P1)), false)
})

test('inhibitAnyPolicy counts certificates, those that only renew a key not among them (6.1.4 h, j)', () => {
  assert.equal(passes([[policies(ANY), inhibitAny(1)], [policies(ANY)], [policies(P1)]], explicit(P1)), true)
  assert.equal(passes([[policies(ANY), inhibitAny(1)], [policies(P1)], [policies(ANY)]], explicit(P1)), false)
  assert.equal(passes([[policies(ANY), inhibitAny(0)], [policies(ANY)], [policies(P1)]], explicit(P1)), false)
  assert.equal(
    passes([[policies(ANY), inhibitAny(2)], [policies(ANY), inhibitAny(0)], [policies(ANY)]], explicit(P1)),
    false,
  )
  const first = authority({ subject: 'a', issuer: root, extensions: [policies(ANY), inhibitAny(0)] })
  const renewed = authority({ subject: 'a', issuer: first, extensions: [policies(ANY)] })
  const end = (oid: string) => issue({ subject: 'end', issuer: renewed, extensions: [policies(oid)] })
  const under = (oid: string) =>
    checkPath({
      certificate: end(oid).certificate,
      trustAnchors: [root.certificate],
      intermediates: [first.certificate, renewed.certificate],
      at,
      revocation: 'none',
      policy: explicit(P1),
    }).indication
  assert.equal(under(P1), 'PASSED', 'its own anyPolicy still counts (6.1.3 d 2)')
  assert.notEqual(under(ANY), 'PASSED')
})

test('mappings chain, fork, meet again, and stop where they are inhibited (6.1.4 b; RFC 9618, 5.3)', () => {
  const maps = (...pairs: Array<[string, string]>) => [mappings(...pairs)]
  assert.equal(
    passes([[policies(P1), ...maps([P1, P2])], [policies(P2), ...maps([P2, P3])], [policies(P3)]], explicit(P1)),
    true,
  )
  assert.equal(
    passes([[policies(P1), ...maps([P1, P2])], [policies(P2), ...maps([P2, P3])], [policies(P3)]], explicit(P3)),
    false,
  )
  assert.equal(passes([[policies(P1), ...maps([P1, P2])], [policies(P1)]], explicit(P1)), false, 'P1 was mapped away')
  assert.equal(passes([[policies(P1), ...maps([P1, P2], [P1, P3])], [policies(P3)]], explicit(P1)), true)
  assert.equal(passes([[policies(P1, P2), ...maps([P1, P3], [P2, P3])], [policies(P3)]], explicit(P2)), true)
  assert.equal(passes([[policies(ANY), ...maps([P1, P2])], [policies(P2)]], explicit(P1)), true, 'from anyPolicy')
  assert.equal(
    passes([[policies(P1), ...maps([P1, P2]), limits(undefined, 0)], [policies(P2)]], explicit(P1)),
    true,
    'the inhibition is for those below',
  )
  assert.equal(
    passes([[policies(P1), limits(undefined, 0)], [policies(P1), ...maps([P1, P2])], [policies(P2)]], explicit(P1)),
    false,
  )
  assert.equal(
    passes([[policies(P1), limits(undefined, 1)], [policies(P1), ...maps([P1, P2])], [policies(P2)]], explicit(P1)),
    true,
  )
  assert.equal(
    passes([[policies(P1), ...maps([P1, ANY])], [policies(P1)]]),
    false,
    'anyPolicy is never mapped, required or not',
  )
  assert.equal(
    passes([[policies(P1), ...maps([P1, P2])], [policies(P2)]], { ...explicit(P1), inhibitPolicyMapping: true }),
    false,
  )
})

test('requireExplicitPolicy counts down to the certificates that need a policy (6.1.4 i, 6.1.5 a, b)', () => {
  assert.equal(passes([[limits(3)], [], []]), true, 'not reached')
  assert.equal(passes([[limits(2)], [], []]), false)
  assert.equal(passes([[limits(10)], [limits(0)], []]), false)
  assert.equal(passes([[limits(0)], [limits(10)], []]), false, 'what was required stays so')
  assert.equal(passes([[policies(P1)], [policies(P1), limits(0)]]), true, 'by the last certificate')
  assert.equal(passes([[], [policies(P1), limits(0)]]), false)
  assert.equal(passes([[], [policies(P1), limits(1)]]), true)
})
