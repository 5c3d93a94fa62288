import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'

/** docs/decisions/012: why two cases that their authors reject are accepted here. */
const folder = new URL('../../../../shared/conformance/suites', import.meta.url).pathname
const skip = existsSync(folder) ? false : 'the conformance suites are not here'

interface Case {
  id: string
  expect: string
  input: { certificate: string; trustAnchors: string[]; intermediates: string[] }
}
const casesOf = (suite: string): Case[] => JSON.parse(readFileSync(`${folder}/${suite}.json`, 'utf8')).cases
const chainOf = ({ input }: Case): Certificate[] =>
  [input.certificate, ...input.intermediates, ...input.trustAnchors].map((each) =>
    parseCertificate(Buffer.from(each, 'base64')),
  )

/** What is made of keys and serial numbers; all else is what the certificate says. */
const OF_KEYS: string[] = [OID.subjectKeyIdentifier, OID.authorityKeyIdentifier]
const said = (each: Certificate) => ({
  version: each.version,
  from: each.notBefore.toISOString(),
  to: each.notAfter.toISOString(),
  algorithms: [each.keyAlgorithm.der, each.signatureAlgorithm.der].map(String),
  // The authors put a serial number into the name of each intermediate.
  names: [each.issuer, each.subject].map(({ der }) => der.toString('latin1').replace(/\d{40,}/g, 'N').length),
  extensions: [...each.extensions].map(([oid, { critical, value }]) => [
    oid,
    critical,
    OF_KEYS.includes(oid) ? value.length : value.toString('hex'),
  ]),
})

test('a path of one intermediate that must be rejected says nothing else than one that must be accepted', {
  skip,
}, () => {
  const limbo = casesOf('path-limbo')
  const [rejected, accepted] = ['0-exhausted', '1'].map(
    (name) => limbo.find(({ id }) => id === `pathlen::max-chain-depth-${name}`)!,
  )
  assert.deepEqual([rejected!.expect, accepted!.expect], ['reject', 'accept'])
  assert.deepEqual(Object.keys(rejected!.input).sort(), Object.keys(accepted!.input).sort())
  assert.deepEqual(chainOf(rejected!).map(said), chainOf(accepted!).map(said))
})

test('a limit of one intermediate, even only where no constraint says more, would reject a path that must be accepted', {
  skip,
}, () => {
  const isUnlimited = ({ basicConstraints, issuer, subject }: Certificate) =>
    basicConstraints?.ca === true && basicConstraints.pathLen === undefined && !sameName(issuer, subject)
  const longer = casesOf('path-pkits').filter(
    (each) => each.expect === 'accept' && chainOf(each).slice(1, -1).filter(isUnlimited).length > 1,
  )
  assert.ok(longer.length > 0)
})
