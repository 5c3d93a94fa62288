import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seededRandom } from '#test/support/mutate-der.ts'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { basicConstraints, day, extension, type Holder, issue, keyUsage, nameDer, newKey } from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath, type PolicyInput } from './check-path.ts'

/**
 * Chains by chance, of few names and policies so that they often meet: OpenSSL is the second opinion. What it refuses is refused here. The other
 * way two things are known: here a wildcard that stands for an excluded host is excluded; and OpenSSL 3.0 maps a policy out of anyPolicy also
 * where that is inhibited (RFC 5280, 6.1.3 d 2).
 */
const CHAINS = process.env.LONG_TESTS ? 1000 : 50
const AT = day('2025-06-01')
const random = seededRandom(5280)
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
const happens = (share: number): boolean => random() < share
const some = <T>(most: number, make: () => T): T[] => Array.from({ length: 1 + Math.floor(random() * most) }, make)
const maybe = (share: number, make: () => Buffer): Buffer[] => (happens(share) ? [make()] : [])

let openssl: Openssl
before(async () => {
  openssl = await openOpenssl()
})
after(() => openssl.close())

const keys = Array.from({ length: 6 }, newKey)
const text = (tag: number, value: string): Buffer => der.contextPrimitive(tag, Buffer.from(value))
const bytes = (hex: string): Buffer => der.contextPrimitive(7, Buffer.from(hex, 'hex'))
const directory = (...names: string[]): Buffer => der.context(4, nameDer(...names))

const NAMES = [
  ...['gob.mx', 'sat.gob.mx', 'x.sat.gob.mx', 'com.mx', 'agob.mx', '*.gob.mx', 'GOB.MX'].map((each) => text(2, each)),
  ...['a@gob.mx', 'A@gob.mx', 'b@sat.gob.mx', 'c@com.mx'].map((each) => text(1, each)),
  ...['https://gob.mx/', 'https://sat.gob.mx:8/x', 'http://com.mx'].map((each) => text(6, each)),
  ...['c0000201', 'c0000301', '0a000001'].map(bytes),
  ...[['org'], ['org', 'a'], ['otra'], ['ORG ']].map((each) => directory(...each)),
]
const BASES = [
  ...['gob.mx', 'sat.gob.mx', 'mx', 'com.mx', ''].map((each) => text(2, each)),
  ...['gob.mx', '.gob.mx', 'a@gob.mx', 'com.mx'].map((each) => text(1, each)),
  ...['gob.mx', '.gob.mx', 'com.mx'].map((each) => text(6, each)),
  ...['c0000200ffffff00', '0a000000ff000000', '0000000000000000'].map(bytes),
  ...[['org'], ['org', 'a'], ['otra']].map((each) => directory(...each)),
]
const POLICIES = ['1.2.3.1', '1.2.3.2', '1.2.3.3']

function nameConstraints(): Buffer {
  const trees = (number: number) => der.context(number, ...some(2, () => der.sequence(pick(BASES))))
  const permitted = maybe(0.7, () => trees(0))
  const excluded = maybe(permitted.length === 0 ? 1 : 0.4, () => trees(1))
  return extension(OID.nameConstraints, der.sequence(...permitted, ...excluded), true)
}

const policies = (): Buffer => {
  const chosen = new Set(some(2, () => pick([...POLICIES, OID.anyPolicy])))
  return extension(OID.certificatePolicies, der.sequence(...[...chosen].map((each) => der.sequence(der.oid(each)))))
}
const policyRules = (): Buffer[] => [
  ...maybe(0.8, policies),
  ...maybe(0.3, () => {
    const pairs = some(2, () => der.sequence(der.oid(pick(POLICIES)), der.oid(pick(POLICIES))))
    return extension(OID.policyMappings, der.sequence(...pairs), true)
  }),
  ...maybe(0.3, () => {
    const limit = der.contextPrimitive(happens(0.7) ? 0 : 1, Buffer.from([Math.floor(random() * 3)]))
    return extension(OID.policyConstraints, der.sequence(limit), true)
  }),
  ...maybe(0.2, () => extension(OID.inhibitAnyPolicy, der.integer(Math.floor(random() * 3)), true)),
]

/** The anchor first, the end last. */
function makeChain(rules: () => Buffer[], own: () => Buffer[]): Holder[] {
  const root = issue({ subject: 'root', key: keys[0], extensions: [basicConstraints(true), keyUsage(5, 6)] })
  const chain = [root]
  const depth = Math.floor(random() * 4)
  for (let i = 1; i <= depth; i++) {
    // Now and then an authority that only renews its key.
    const name = i > 1 && happens(0.15) ? `c${i - 1}` : `c${i}`
    const limit = happens(0.3) ? Math.floor(random() * 3) : undefined
    const extensions = [basicConstraints(happens(0.97), limit), keyUsage(...(happens(0.97) ? [5, 6] : [6])), ...rules()]
    chain.push(
      issue({ subject: name, subjectDer: nameDer('org', name), issuer: chain.at(-1), key: keys[i], extensions }),
    )
  }
  const subjectDer = nameDer(pick(['org', 'otra']), 'e')
  return [...chain, issue({ subject: 'e', subjectDer, issuer: chain.at(-1), key: keys[5], extensions: own() })]
}

async function passesThere(chain: Holder[], words: string[]): Promise<boolean> {
  const [root, ...rest] = chain.map(({ certificate }) => pem('CERTIFICATE', certificate.der))
  await openssl.put('root.pem', root!)
  await openssl.put('end.pem', rest.at(-1)!)
  await openssl.put('between.pem', rest.slice(0, -1).join('') || '\n')
  const between = rest.length > 1 ? ['-untrusted', 'between.pem'] : []
  const given = ['-attime', String(AT.getTime() / 1000), '-no-CApath', '-no-CAstore', '-CAfile', 'root.pem', ...between]
  return openssl.run('verify', ...given, ...words, 'end.pem').then(
    () => true,
    () => false,
  )
}

function passesHere(chain: Holder[], policy: PolicyInput): boolean {
  const [root, ...rest] = chain.map(({ certificate }) => certificate)
  const intermediates = rest.slice(0, -1)
  const given = { certificate: rest.at(-1)!, trustAnchors: [root!], intermediates, at: AT, policy }
  return checkPath({ ...given, revocation: 'none' }).indication === 'PASSED'
}

/** @returns how many are refused here alone */
async function compare(makeCase: () => { chain: Holder[]; policy: PolicyInput; words: string[] }): Promise<number> {
  let stricter = 0
  for (let i = 0; i < CHAINS; i++) {
    const { chain, policy, words } = makeCase()
    const [here, there] = [passesHere(chain, policy), await passesThere(chain, words)]
    assert.ok(there || !here, `accepted here alone: ${words.join(' ')}\n${shown(chain)}`)
    if (here !== there) stricter += 1
  }
  return stricter
}

const shown = (chain: Holder[]): string => chain.map(({ certificate }) => certificate.der.toString('base64')).join('\n')

test('names and constraints by chance: OpenSSL says the same', async () => {
  const alternative = () => extension(OID.subjectAltName, der.sequence(...some(2, () => pick(NAMES))))
  const makeCase = () => {
    const chain = makeChain(
      () => maybe(0.35, nameConstraints),
      () => maybe(0.8, alternative),
    )
    return { chain, policy: {}, words: [] }
  }
  assert.ok((await compare(makeCase)) <= CHAINS / 100)
})

test('policies, mappings and inhibitions by chance: OpenSSL says the same', async () => {
  const makeCase = () => {
    const chain = makeChain(policyRules, () => maybe(0.85, policies))
    const [initial, explicitPolicy] = [maybeOne(POLICIES), happens(0.5)]
    const words = [
      '-policy_check',
      '-policy',
      initial ?? OID.anyPolicy,
      ...(explicitPolicy ? ['-explicit_policy'] : []),
    ]
    return { chain, policy: { initialPolicies: initial ? [initial] : [], explicitPolicy }, words }
  }
  assert.ok((await compare(makeCase)) <= CHAINS / 100)
})

function maybeOne(items: readonly string[]): string | undefined {
  return happens(0.5) ? pick(items) : undefined
}
