import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { failsWith, makePerson, readSample, sampleNames, withoutSamples } from '#test/support/efirma-person.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import { openCertificate, readHolder } from './certificate.ts'
import { Failure } from './failure.ts'
import { fileKind, findMisplaced } from './file-kind.ts'

const person = makePerson()

test('whose a certificate is, with Ñ and accents', () => {
  assert.deepEqual(readHolder(person.certificate), {
    name: 'IÑAKI ÁNGEL MUÑOZ NÚÑEZ',
    taxpayer: 'MUNI850210963',
    serial: '99990000000000000001',
    until: new Date('2029-11-24T06:00:00Z'),
  })
})

test('a company’s certificate names the company, not who represents it', () => {
  const { certificate } = makePerson([
    ['commonName', 'CAFÉ & MIEL SA DE CV'],
    ['x500UniqueIdentifier', 'C&M150304A93 / SABL7901233T7'],
  ])
  const holder = readHolder(certificate)
  assert.deepEqual([holder?.name, holder?.taxpayer], ['CAFÉ & MIEL SA DE CV', 'C&M150304A93'])
})

test('the tax service’s test people read here as on the server', { skip: withoutSamples }, async () => {
  for (const name of sampleNames.flatMap((each) => [each, `${each}_csd`])) {
    const { certificate, key } = readSample(name)
    const parsed = parseCertificate(certificate)
    const efirma = readEfirma(parsed)!
    assert.deepEqual(
      readHolder(certificate),
      {
        name: efirma.name,
        taxpayer: efirma.company?.rfc ?? efirma.rfc,
        serial: efirma.serial,
        until: parsed.notAfter,
      },
      name,
    )
    await openCertificate(certificate)
    assert.deepEqual([fileKind(certificate), fileKind(key)], ['certificate', 'key'])
  }
})

test('files in the wrong place: which of the two is wrong', () => {
  const { certificate, key } = person
  assert.deepEqual(findMisplaced({ certificate, key }), [])
  assert.deepEqual(findMisplaced({ certificate: key, key }), ['certificate-is-key'])
  assert.deepEqual(findMisplaced({ certificate, key: certificate }), ['key-is-certificate'])
  assert.deepEqual(findMisplaced({ certificate: key, key: certificate }), ['certificate-is-key', 'key-is-certificate'])
  assert.deepEqual(findMisplaced({ certificate: Buffer.from('hola'), key: Buffer.alloc(0) }), [])
})

test('what is no certificate is unreadable', async () => {
  const pem = Buffer.from(`-----BEGIN CERTIFICATE-----\n${person.certificate.toString('base64')}`)
  for (const file of [Buffer.alloc(0), pem, person.key, Buffer.alloc(70_000, 0x30), person.certificate.subarray(1)])
    await assert.rejects(openCertificate(file), failsWith('certificate-unreadable'))
})

test('a broken certificate ends in a sentence, never in a fault', async () => {
  const { certificate } = person
  const property = fc.asyncProperty(
    fc.nat(certificate.length - 1),
    fc.integer({ min: 1, max: 255 }),
    async (at, change) => {
      const broken = Buffer.from(certificate)
      broken[at] = broken[at]! ^ change
      readHolder(broken)
      await openCertificate(broken).catch((error) => assert.ok(error instanceof Failure, String(error)))
    },
  )
  await fc.assert(property, { seed: 5, numRuns: 400 })
})
