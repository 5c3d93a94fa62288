import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allLevels, openCadesWorld, prepareOver, stampArchive, stampSignature } from '#test/support/cades-world.ts'
import { day, ocspResponse } from '#test/support/pki.ts'
import { stamper } from '#test/support/signed-pdf.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { readGrounds } from '#trust/validation/grounds.ts'
import { validateSignature } from '#trust/validation/validate-signature.ts'
import { cadesFacts } from './cades-facts.ts'
import { addValidationData } from './grow-signature.ts'
import { addSigner } from './make-signature.ts'

const content = Buffer.from('an official act')
const world = openCadesWorld()

function validate(message: Buffer, at: Date, given?: Buffer) {
  const { signatures, evidence, error } = cadesFacts(message, given)
  assert.equal(error, undefined)
  const grounds = readGrounds({ trustAnchors: [world.root.certificate], evidence, at })
  return signatures.map(({ facts, level }) => ({ level, ...validateSignature({ facts }, grounds) }))
}

for (const enveloping of [false, true])
  describe(enveloping ? 'with its content' : 'detached', () => {
    const levels = allLevels(content, world, { enveloping })
    const given = enveloping ? undefined : content
    const at = (message: Buffer, time: Date) => validate(message, time, given)

    for (const [level, message] of Object.entries(levels))
      test(`${level} is told to be ${level}`, () => {
        const [signature] = at(message, day('2025-06-04'))
        assert.equal(signature?.level, level)
        assert.equal(signature.sound, true)
      })

    test('from B-LT on it is judged without any other evidence; before, its authorities have to be asked', () => {
      const passed = (message: Buffer) => at(message, day('2025-06-04'))[0]?.indication
      assert.equal(passed(levels['B-B']), 'INDETERMINATE')
      assert.equal(passed(levels['B-T']), 'INDETERMINATE')
      assert.equal(passed(levels['B-LT']), 'TOTAL-PASSED')
      assert.equal(passed(levels['B-LTA']), 'TOTAL-PASSED')
    })

    test('when the signer’s certificate has ended, only B-LTA lasts', () => {
      const [last] = at(levels['B-LTA'], day('2029-01-01'))
      assert.equal(last?.indication, 'TOTAL-PASSED')
      assert.deepEqual(last.bestSignatureTime, new Date('2025-06-01T00:00:10Z'))
      assert.notEqual(at(levels['B-B'], day('2029-01-01'))[0]?.indication, 'TOTAL-PASSED')
    })
  })

test('renewed before its last time-stamp ends, it lasts until the renewal ends', () => {
  const first = allLevels(content, world)['B-LTA']
  assert.notEqual(validate(first, day('2036-01-01'), content)[0]?.indication, 'TOTAL-PASSED')
  const later = stamper(world.root, { notBefore: day('2029-01-01'), notAfter: day('2040-01-01') })
  const renewed = stampArchive(first, content, later, day('2029-06-01'), { data: world.dataOn(day('2029-06-01')) })
  const [signature] = validate(renewed, day('2036-01-01'), content)
  assert.equal(signature?.reason, 'The signature holds, by a certificate of a trusted authority.')
  assert.equal(signature.indication, 'TOTAL-PASSED')
  assert.deepEqual(
    signature.timestamps.map(({ kind, indication }) => [kind, indication]),
    [
      ['signature', 'PASSED'],
      ['archive', 'PASSED'],
      ['archive', 'PASSED'],
    ],
  )
})

test('a time-stamp that was put beside it later does not grow old with those that were there', () => {
  const later = stamper(world.root, { notBefore: day('2029-01-01'), notAfter: day('2040-01-01') })
  const renewed = stampArchive(allLevels(content, world)['B-LTA'], content, later, day('2029-06-01'), {
    data: world.dataOn(day('2029-06-01')),
  })
  // Years after its certificate ended, the first authority's key is in other hands and says a time before the signature.
  const forged = stampSignature(renewed, world.time, day('2024-06-01'))
  const [signature] = validate(forged, day('2036-01-01'), content)
  assert.equal(signature?.indication, 'TOTAL-PASSED')
  assert.deepEqual(signature.bestSignatureTime, new Date('2025-06-01T00:00:10Z'))
  const backdated = signature.timestamps.find(({ time }) => time < day('2025-01-01'))
  assert.deepEqual([backdated?.indication, backdated?.existedAt], ['INDETERMINATE', day('2036-01-01')])
})

test('another signer comes beside one whose signature lasts: both are what they are', () => {
  const lasting = allLevels(content, world)['B-LTA']
  const prepared = prepareOver(content, world.person, { at: day('2025-08-01') })
  const both = addSigner(lasting, prepared, signWith(world.person.key)(prepared.signedAttributes))
  assert.deepEqual(
    validate(both, day('2025-06-04'), content).map(({ level, sound }) => [level, sound]),
    [
      ['B-LTA', true],
      ['B-B', true],
    ],
  )
  const twice = stampArchive(
    stampSignature(both, world.time, day('2025-08-02'), 1),
    content,
    world.time,
    day('2025-08-03'),
    {
      signer: 1,
      data: world.dataOn(day('2025-08-02')),
    },
  )
  assert.deepEqual(
    validate(twice, day('2025-08-04'), content).map(({ level, indication }) => [level, indication]),
    [
      ['B-LTA', 'TOTAL-PASSED'],
      ['B-LTA', 'TOTAL-PASSED'],
    ],
  )
})

test('a signature that comes with answers instead of lists', () => {
  const { person, people, root, time } = world
  const on = day('2025-06-02')
  const ocspResponses = [
    ocspResponse({ certificate: person.certificate, issuer: people, thisUpdate: on, nextUpdate: day('2025-06-09') }),
    ocspResponse({ certificate: people.certificate, issuer: root, thisUpdate: on, nextUpdate: day('2025-06-09') }),
    ocspResponse({ certificate: time.certificate, issuer: root, thisUpdate: on, nextUpdate: day('2025-06-09') }),
  ]
  const certificates = [people.certificate.der, root.certificate.der]
  const lasting = addValidationData(allLevels(content, world)['B-T'], { certificates, crls: [], ocspResponses })
  const archived = stampArchive(lasting, content, time, day('2025-06-03'))
  for (const [message, level] of [
    [lasting, 'B-LT'],
    [archived, 'B-LTA'],
  ] as const) {
    const [signature] = validate(message, day('2025-06-04'), content)
    assert.deepEqual([signature?.level, signature?.indication], [level, 'TOTAL-PASSED'])
    assert.equal(readSignedData(message).version, 5)
  }
  assert.deepEqual(addValidationData(lasting, { certificates, crls: [], ocspResponses }), lasting)
})
