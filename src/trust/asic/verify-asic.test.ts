import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { AT, cadesOver, containerOf, part } from '#test/support/asic.ts'
import { type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, issue } from '#test/support/pki.ts'
import { stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { prepareArchive } from './archive-asic.ts'
import { asicFacts } from './asic-facts.ts'
import type { AsicReport } from './asic-report.ts'
import { makeAsic, manifestOf } from './make-asic.ts'
import { writeManifest } from './manifest.ts'
import { readZip } from './read-zip.ts'
import { verifyAsic } from './verify-asic.ts'

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const officer = issue({ subject: 'officer', issuer: root })
const clock = stamper(root)
const parts = [part('solicitud.txt', 'what was asked for'), part('anexos/año 1.txt', 'what was attached')]
const MANIFEST = 'META-INF/ASiCManifest001.xml'
const SIGNATURE = 'META-INF/signature001.p7s'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const objectOf = (name: string, bytes: Uint8Array) =>
  ({ name, mimeType: undefined, hash: 'sha256', digest: sha256(bytes), rootFile: false }) as const

type Entries = Map<string, Buffer>
const entriesOf = (file: Buffer): Entries => new Map(readZip(file).map(({ name, read }) => [name, read()]))
const packed = (entries: Entries): Buffer =>
  forgeZip([...entries].map(([name, bytes]): ForgedEntry => ({ name, bytes })))

const whole = await containerOf(parts, citizen)

/** The same container after somebody had their hands on it. */
function changed(change: (entries: Entries) => void, file = whole): AsicReport {
  const entries = entriesOf(file)
  change(entries)
  return verifyAsic(packed(entries))
}

const soundness = ({ signatures }: AsicReport) => signatures.map(({ facts }) => facts.sound)

describe('a container', () => {
  test('is sound, and says who signed what', () => {
    const { error, signatures, dataObjects, uncovered, unprotected } = verifyAsic(whole)
    assert.equal(error, undefined)
    const [signature] = signatures
    assert.equal(signature!.facts.sound, true)
    assert.equal(signature!.level, 'B-B')
    assert.equal(signature!.facts.signer?.sha256, citizen.certificate.sha256)
    assert.equal(signature!.facts.claimedTime?.toISOString(), '2025-06-01T00:00:00.000Z')
    assert.deepEqual(signature!.covers, ['solicitud.txt', 'anexos/año 1.txt'])
    assert.deepEqual(
      dataObjects.map(({ name, mimeType, coveredBy, read }) => [name, mimeType, coveredBy, read().toString()]),
      [
        ['solicitud.txt', 'text/plain', [SIGNATURE], 'what was asked for'],
        ['anexos/año 1.txt', 'text/plain', [SIGNATURE], 'what was attached'],
      ],
    )
    assert.deepEqual([uncovered, unprotected], [[], []])
    assert.equal(asicFacts(verifyAsic(whole))[0]!.constraintFailure, undefined)
  })

  test('is the same bytes for the same parts, time and signature', async () => {
    const again: Buffer[] = []
    const signature = entriesOf(whole).get(SIGNATURE)!
    for await (const piece of makeAsic(parts, AT, () => signature)) again.push(piece)
    assert.deepEqual(Buffer.concat(again), whole)
  })

  test('is signed by a key that is elsewhere: openssl signs the manifest, another process puts it together', async () => {
    const openssl = await openOpenssl()
    try {
      const digests = parts.map(({ bytes, ...rest }) => ({ ...rest, digest: sha256(bytes) }))
      await openssl.put('manifest.xml', manifestOf(digests))
      await openssl.put('cer.pem', pem('CERTIFICATE', officer.certificate.der))
      await openssl.put('key.pem', officer.key.export({ format: 'pem', type: 'pkcs8' }) as string)
      const message = await openssl.run(
        ...['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-in', 'manifest.xml'],
        ...['-signer', 'cer.pem', '-inkey', 'key.pem', '-outform', 'DER'],
      )
      const pieces: Buffer[] = []
      for await (const piece of makeAsic(parts, AT, () => message)) pieces.push(piece)
      const report = verifyAsic(Buffer.concat(pieces))
      assert.deepEqual(soundness(report), [true])
      assert.equal(report.signatures[0]!.facts.signer?.sha256, officer.certificate.sha256)
    } finally {
      await openssl.close()
    }
  })

  test('has a time-stamp over its signature', async () => {
    const [signature] = verifyAsic(await containerOf(parts, citizen, clock)).signatures
    assert.equal(signature!.level, 'B-T')
    assert.deepEqual(
      signature!.facts.timestamps.map(({ kind, report }) => [kind, report.sound]),
      [['signature', true]],
    )
  })

  test('no part has a name of the container’s own', async () => {
    for (const name of ['mimetype', 'META-INF/a.xml', 'meta-inf/a', 'META-INF'])
      await assert.rejects(containerOf([part(name, 'x')], citizen), RangeError)
  })
})

describe('what somebody changed afterwards', () => {
  test('a file', () => {
    const report = changed((entries) => entries.set('solicitud.txt', Buffer.from('what was not')))
    const [signature] = report.signatures
    assert.equal(signature!.facts.sound, false)
    assert.equal(signature!.facts.failure, 'HASH_FAILURE')
    assert.deepEqual([signature!.changed, signature!.missing], [['solicitud.txt'], []])
    assert.deepEqual(report.uncovered, ['solicitud.txt', 'anexos/año 1.txt'])
  })

  test('a file that is gone, or has another name', () => {
    const gone = changed((entries) => entries.delete('solicitud.txt'))
    assert.deepEqual(gone.signatures[0]!.missing, ['solicitud.txt'])
    assert.deepEqual(soundness(gone), [false])
    const renamed = changed((entries) => {
      entries.set('Solicitud.txt', entries.get('solicitud.txt')!)
      entries.delete('solicitud.txt')
    })
    assert.deepEqual(soundness(renamed), [false])
  })

  test('a file that nobody signed counts against every signature', () => {
    const report = changed((entries) => entries.set('resolucion.txt', Buffer.from('granted')))
    assert.deepEqual(soundness(report), [true])
    assert.deepEqual(report.uncovered, ['resolucion.txt'])
    assert.match(asicFacts(report)[0]!.constraintFailure ?? '', /nobody signed/)
    const inside = changed((entries) => entries.set('META-INF/extra.xml', Buffer.from('<a/>')))
    assert.equal(inside.unprotected.length, 1)
  })

  test('the manifest, so that it fits other files', () => {
    const report = changed((entries) => {
      entries.set('solicitud.txt', Buffer.from('what was not'))
      const objects = ['solicitud.txt', 'anexos/año 1.txt'].map((name) => objectOf(name, entries.get(name)!))
      entries.set(MANIFEST, writeManifest({ signature: SIGNATURE, signatureType: undefined, objects }))
    })
    assert.deepEqual(soundness(report), [false])
    assert.ok(report.signatures[0]!.checks.some(({ name, ok }) => name === 'message-digest' && !ok))
    assert.deepEqual(report.uncovered.length, 2)
  })

  test('the manifest, with a space more', () => {
    const report = changed((entries) =>
      entries.set(MANIFEST, Buffer.concat([entries.get(MANIFEST)!, Buffer.from(' ')])),
    )
    assert.deepEqual(soundness(report), [false])
  })

  test('a second manifest under the first one’s signature covers nothing', () => {
    const report = changed((entries) => {
      const other = Buffer.from('granted')
      entries.set('resolucion.txt', other)
      const objects = [objectOf('resolucion.txt', other)]
      entries.set(
        'META-INF/ASiCManifest002.xml',
        writeManifest({ signature: SIGNATURE, signatureType: undefined, objects }),
      )
    })
    assert.deepEqual(soundness(report), [true, false])
    assert.deepEqual(report.uncovered, ['resolucion.txt'])
  })

  test('no signature, no manifest, a signature of another kind, one that is no signature', () => {
    assert.deepEqual(soundness(changed((entries) => entries.delete(SIGNATURE))), [false])
    const orphan = changed((entries) => entries.delete(MANIFEST))
    assert.deepEqual(soundness(orphan), [false])
    assert.equal(orphan.uncovered.length, 2)
    assert.deepEqual(soundness(changed((entries) => entries.set(SIGNATURE, Buffer.from('no')))), [false])
    const unread = changed((entries) => entries.set(MANIFEST, Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')))
    assert.deepEqual(soundness(unread), [false])
    assert.match(unread.unprotected.join(), /manifest is not read/)
    assert.deepEqual(
      changed((entries) => entries.set('mimetype', Buffer.from('application/zip'))).error?.problem,
      'not-asic-e',
    )
    const moved = [...entriesOf(whole)].toReversed()
    assert.equal(verifyAsic(packed(new Map(moved))).error?.problem, 'not-asic-e')
  })

  test('a signature that brings its own content is not one over the manifest', async () => {
    const openssl = await openOpenssl()
    try {
      await openssl.put('manifest.xml', entriesOf(whole).get(MANIFEST)!)
      await openssl.put('cer.pem', pem('CERTIFICATE', officer.certificate.der))
      await openssl.put('key.pem', officer.key.export({ format: 'pem', type: 'pkcs8' }) as string)
      const sign = ['cms', '-sign', '-binary', '-cades', '-nodetach', '-in', 'manifest.xml', '-outform', 'DER']
      const message = await openssl.run(...sign, '-signer', 'cer.pem', '-inkey', 'key.pem')
      assert.deepEqual(soundness(changed((entries) => entries.set(SIGNATURE, message))), [false])
    } finally {
      await openssl.close()
    }
  })
})

describe('several signatures', () => {
  test('each over its own part; a file is covered by whoever signed it', async () => {
    const entries = entriesOf(whole)
    const decision = Buffer.from('granted')
    entries.set('resolucion.txt', decision)
    const objects = [objectOf('resolucion.txt', decision), objectOf(SIGNATURE, entries.get(SIGNATURE)!)]
    const signature = 'META-INF/signature002.p7s'
    const manifest = writeManifest({ signature, signatureType: undefined, objects })
    entries.set('META-INF/ASiCManifest002.xml', manifest)
    entries.set(signature, await cadesOver(manifest, officer))
    const report = verifyAsic(packed(entries))
    assert.deepEqual(soundness(report), [true, true])
    assert.deepEqual(report.uncovered, [])
    assert.deepEqual(
      report.dataObjects.map(({ coveredBy }) => coveredBy.join()),
      [SIGNATURE, SIGNATURE, signature],
    )
  })
})

describe('an archive time-stamp', () => {
  const stamp = (file: Buffer, when: string) => {
    const { manifest, complete } = prepareArchive(file, { at: AT })
    return Buffer.concat([...complete(timestampOver(manifest, clock, new Date(when)))])
  }
  const once = stamp(whole, '2026-01-01T00:00:00Z')
  const twice = stamp(once, '2027-01-01T00:00:00Z')

  test('covers everything there is, and the next covers it', () => {
    for (const [file, stamps] of [
      [once, 1],
      [twice, 2],
    ] as const) {
      const { signatures, timestamps, uncovered, unprotected } = verifyAsic(file)
      assert.deepEqual(
        timestamps.map(({ kind, sound }) => [kind, sound]),
        Array(stamps).fill(['archive', true]),
      )
      assert.deepEqual(
        signatures[0]!.facts.timestamps.map(({ kind }) => kind),
        Array(stamps).fill('archive'),
      )
      assert.deepEqual([uncovered, unprotected], [[], []])
    }
    const [first, second] = verifyAsic(twice).signatures[0]!.facts.timestamps
    const carries = (stamp: typeof first) =>
      stamp!.covers.certificates.some((each) => each.equals(clock.certificate.der))
    assert.deepEqual([carries(first), carries(second)], [false, true])
    assert.deepEqual(
      [...entriesOf(twice).keys()].filter((name) => /Archive|timestamp/.test(name)),
      [
        'META-INF/ASiCArchiveManifest001.xml',
        'META-INF/timestamp001.tst',
        'META-INF/ASiCArchiveManifest.xml',
        'META-INF/timestamp002.tst',
      ],
    )
  })

  test('proves nothing where what it covers was changed, or where it leaves the signature out', () => {
    const report = changed((entries) => entries.set('solicitud.txt', Buffer.from('what was not')), once)
    assert.deepEqual(
      report.timestamps.map(({ sound }) => sound),
      [false],
    )
    assert.deepEqual(report.signatures[0]!.facts.timestamps, [])
    const partly = changed((entries) => {
      const objects = [objectOf('solicitud.txt', entries.get('solicitud.txt')!)]
      const signature = 'META-INF/timestamp001.tst'
      const manifest = writeManifest({ signature, signatureType: undefined, objects })
      entries.set('META-INF/ASiCArchiveManifest.xml', manifest)
      entries.set(signature, timestampOver(manifest, clock))
    })
    assert.deepEqual(
      partly.timestamps.map(({ sound }) => sound),
      [true],
    )
    assert.deepEqual(partly.signatures[0]!.facts.timestamps, [])
  })

  test('a token over something else, or none', () => {
    const { complete } = prepareArchive(whole, { at: AT })
    const wrong = verifyAsic(Buffer.concat([...complete(timestampOver(Buffer.from('x'), clock))]))
    assert.deepEqual(
      wrong.timestamps.map(({ sound }) => sound),
      [false],
    )
    const none = changed((entries) => entries.delete('META-INF/timestamp001.tst'), once)
    assert.deepEqual(
      none.timestamps.map(({ sound }) => sound),
      [false],
    )
    assert.throws(() => prepareArchive(whole, { at: AT, replaced: new Map([['x', Buffer.alloc(0)]]) }), RangeError)
  })
})
