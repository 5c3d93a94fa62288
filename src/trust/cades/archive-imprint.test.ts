import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { allLevels, openCadesWorld, stampArchive } from '#test/support/cades-world.ts'
import { day } from '#test/support/pki.ts'

/**
 * The imprint once more, by the letter of EN 319 122-1 (5.5.2, 5.5.3) and with nothing of ours but this: a value's tag, and where it ends.
 * Other validators cannot be had here; what they hash is written down in the standard.
 */
function split(bytes: Buffer): Buffer[] {
  const values: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + sizeOf(bytes.subarray(at))
    values.push(bytes.subarray(at, end))
    at = end
  }
  return values
}

const headOf = (value: Buffer): number => (value[1]! < 0x80 ? 2 : 2 + (value[1]! & 0x7f))
const sizeOf = (value: Buffer): number =>
  headOf(value) + (value[1]! < 0x80 ? value[1]! : value.readUIntBE(2, value[1]! & 0x7f))
const inside = (value: Buffer): Buffer[] => split(value.subarray(headOf(value), sizeOf(value)))
const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const ARCHIVE_TIMESTAMP_V3 = Buffer.from('060604008d450204', 'hex')

const content = Buffer.from('an official act')
const world = openCadesWorld()

/** SignedData's fields by their tags, whatever of them there is. */
function take(message: Buffer) {
  const fields = inside(inside(inside(message)[1]!)[0]!)
  const encapsulated = fields[2]!
  const choices = fields.slice(3, -1)
  const signer = inside(inside(fields.at(-1)!)[0]!)
  return {
    type: inside(encapsulated)[0]!,
    content: inside(encapsulated)[1],
    certificates: choices.filter(([tag]) => tag === 0xa0).flatMap(inside),
    revocation: choices.filter(([tag]) => tag === 0xa1).flatMap(inside),
    fields: signer.filter(([tag], i) => i < 3 || tag !== 0xa1),
    unsigned: signer
      .slice(3)
      .filter(([tag]) => tag === 0xa1)
      .flatMap(inside),
  }
}

for (const enveloping of [false, true])
  test(`is what the standard says, of a message ${enveloping ? 'with its content' : 'without'}`, () => {
    const { 'B-LTA': first } = allLevels(content, world, { enveloping })
    const renewed = stampArchive(first, content, world.time, day('2025-07-01'), {
      data: world.dataOn(day('2025-07-01')),
    })
    const message = take(renewed)
    const tokens = message.unsigned
      .filter((each) => inside(each)[0]!.equals(ARCHIVE_TIMESTAMP_V3))
      .map((each) => take(inside(inside(each)[1]!)[0]!))
    const indexOf = ({ unsigned }: ReturnType<typeof take>): Buffer => inside(inside(unsigned[0]!)[1]!)[0]!
    const imprintOf = ({ content: info }: ReturnType<typeof take>): Buffer =>
      inside(inside(inside(inside(info!)[0]!)[0]!)[2]!)[1]!
    assert.equal(tokens.length, 2)
    const known = new Set(
      [
        ...message.certificates.map((each) => sha256(each)),
        ...message.revocation.map((each) => sha256(each)),
        ...message.unsigned.flatMap((each) => inside(inside(each)[1]!).map((value) => sha256(inside(each)[0]!, value))),
      ].map((each) => each.toString('hex')),
    )
    for (const token of tokens) {
      const index = indexOf(token)
      const imprint = sha256(message.type, sha256(content), ...message.fields, index)
      assert.deepEqual(imprintOf(token).subarray(2), imprint)
      const [algorithm, ...lists] = inside(index)
      assert.equal(algorithm!.toString('hex'), '300b0609608648016503040201')
      assert.equal(lists.length, 3)
      for (const digest of lists.flatMap(inside)) assert.ok(known.has(digest.subarray(2).toString('hex')))
    }
    // The newest names everything but itself.
    const most = Math.max(...tokens.map((token) => inside(indexOf(token)).slice(1).flatMap(inside).length))
    assert.equal(most, known.size - 1)
  })
