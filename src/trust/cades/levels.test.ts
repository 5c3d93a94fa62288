import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allLevels, openCadesWorld, stampArchive } from '#test/support/cades-world.ts'
import { day } from '#test/support/pki.ts'
import { stamper } from '#test/support/signed-pdf.ts'
import { readGrounds } from '#trust/validation/grounds.ts'
import { validateSignature } from '#trust/validation/validate-signature.ts'
import { cadesFacts } from './cades-facts.ts'

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
