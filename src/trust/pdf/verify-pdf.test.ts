import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '#test/support/mutate-der.ts'
import { issue } from '#test/support/pki.ts'
import {
  addObjects,
  basePdf,
  detachedCms,
  fillSignature,
  type Objects,
  signatureObject,
  signPdf,
  stamper,
  startOf,
  stream,
  timestampOverDigest,
  type UpdateOptions,
} from '#test/support/signed-pdf.ts'
import { samplePdf } from '#test/support/typst.ts'
import { readEmbeddedFiles } from './embedded-files.ts'
import { type PdfReport, verifyPdf } from './verify-pdf.ts'

const citizen = issue({ subject: 'citizen' })
const officer = issue({ subject: 'officer' })
const clock = stamper()
const base = basePdf()
const signed = signPdf(base, citizen)

const CATALOG = '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles ROOT >> >>'

/** At least one signature, all sound, none suspicious: what lets a document pass. */
const isClean = ({ signatures }: PdfReport): boolean =>
  signatures.length > 0 && signatures.every(({ sound, modifications }) => sound && modifications !== 'suspicious')

const told = (pdf: Buffer) =>
  verifyPdf(pdf).signatures.map(({ sound, modifications, level }) => [sound, modifications, level].join(' '))

/** The last text of an object. */
const textOf = (num: number, pdf: Buffer): string =>
  new RegExp(`(?:^|\\n)${num} 0 obj\\n([^]*?)\\nendobj`).exec(
    pdf.toString('latin1').slice(pdf.lastIndexOf(`\n${num} 0 obj\n`)),
  )![1]!

const replace = (num: number, from: string, to: string, pdf = signed): Objects => {
  const text = textOf(num, pdf)
  assert.ok(text.includes(from), `${from} is not in ${text}`)
  return { [num]: text.replace(from, to) }
}

describe('a signed PDF', () => {
  test('our own signature is sound, covers the file, and nothing came after it', () => {
    const [signature, ...others] = verifyPdf(signed).signatures
    assert.equal(others.length, 0)
    assert.equal(signature?.fieldName, 'citizen')
    assert.equal(signature?.claimedTime?.toISOString(), '2025-06-01T00:00:00.000Z')
    assert.equal(signature?.signer?.sha256, citizen.certificate.sha256)
    assert.equal(signature?.coversWholeFile, true)
    assert.deepEqual(told(signed), ['true none B-B'])
  })

  test('a document of the shop, signed twice: the first signature stands, the second is seen as permitted', () => {
    const twice = signPdf(signPdf(samplePdf(), citizen, 'citizen'), officer, 'officer')
    const { signatures } = verifyPdf(twice)
    assert.deepEqual(told(twice), ['true allowed B-B', 'true none B-B'])
    assert.deepEqual(
      signatures.map(({ fieldName, coversWholeFile }) => [fieldName, coversWholeFile]),
      [
        ['citizen', false],
        ['officer', true],
      ],
    )
  })

  test('a byte changed anywhere in what is signed is never let through', () => {
    const [, gap, after] = verifyPdf(signed).signatures[0]!.byteRange!
    for (let at = 0; at < signed.length; at += at > gap && at < after ? after - at : 7) {
      const changed = Buffer.from(signed)
      changed[at] = changed[at]! ^ 1
      assert.equal(isClean(verifyPdf(changed)), false, `byte ${at}`)
    }
  })

  test('a truncated file, a file with bytes after its end', () => {
    for (const cut of [1, 2, 7, 40, 400])
      assert.equal(isClean(verifyPdf(signed.subarray(0, -cut))), false, `cut ${cut}`)
    for (const more of ['\n', ' ', '%', 'x', '%%EOF\n', `startxref\n${startOf(signed)}\n%%EOF\n`])
      assert.deepEqual(told(Buffer.concat([signed, Buffer.from(more)])), ['true suspicious B-B'], JSON.stringify(more))
  })

  test('what is no PDF, or not to be read, is an error and not a crash', () => {
    assert.equal(verifyPdf(Buffer.alloc(0)).error?.problem, 'not-a-pdf')
    assert.equal(verifyPdf(Buffer.from('%PDF-1.7\nstartxref\n0\n%%EOF')).error?.problem, 'broken')
    assert.deepEqual(verifyPdf(base), { ...verifyPdf(base), error: undefined, signatures: [] })
  })
})

describe('what later revisions may not do (ISO 32000-1, 12.8.2)', () => {
  const attacks: Record<string, [Objects, UpdateOptions?]> = {
    'a page added': [
      {
        2: '<< /Type /Pages /Kids [3 0 R 30 0 R] /Count 2 /MediaBox [0 0 300 144] >>',
        30: '<< /Type /Page /Parent 2 0 R >>',
      },
    ],
    'a page taken away': [{ 2: '<< /Type /Pages /Kids [] /Count 0 >>' }],
    'a page turned': [replace(3, '/Parent', '/Rotate 180 /Parent')],
    'the content of a page': [{ 4: stream('', 'BT (Otra) Tj ET') }],
    'the content of a page, of the same length': [{ 4: stream('', 'BT (Hole) Tj ET') }],
    'a page that draws another stream': [replace(3, '/Contents 4 0 R', '/Contents 6 0 R')],
    'an object freed': [{ 4: null }],
    'a comment put on a page': [
      {
        ...replace(3, '9 0 R', '9 0 R 30 0 R'),
        30: '<< /Type /Annot /Subtype /FreeText /Rect [0 0 300 144] /Contents (x) >>',
      },
    ],
    'a widget taken from its page': [replace(3, '9 0 R', '')],
    'the embedded data': [{ 6: stream('/Type /EmbeddedFile', '{"a":2}') }],
    'another embedded file': [replace(1, '5 0 R]', '5 0 R (more) 5 0 R]')],
    'an action of the document': [replace(1, '/Pages', '/OpenAction << /S /JavaScript /JS (x) >> /Pages')],
    'another root': [{ 30: textOf(1, signed) }, { trailer: '/Size 40 /Root 30 0 R /Info 11 0 R' }],
    'the title': [{ 11: '<< /Title (Otra) /ModDate (D:2025) >>' }],
    'an unsigned field filled': [replace(9, '(old)', '(new)')],
    'a field moved': [replace(8, '[10 10 90 60]', '[0 0 300 144]')],
    'a signature field given another look': [{ 10: stream('/Type /XObject /Subtype /Form /BBox [0 0 80 50]', 'Q q') }],
    'the form’s script': [replace(7, '/SigFlags', '/NeedAppearances true /SigFlags')],
  }
  for (const [name, [objects, options]] of Object.entries(attacks))
    test(name, () => assert.deepEqual(told(addObjects(signed, objects, options)), ['true suspicious B-B']))

  test('hidden content of what was signed, swapped in by references', () => {
    const hidden = `4 0 obj\n${stream('', 'BT (Adios) Tj ET')}\nendobj\n`
    const prepared = signPdf(basePdf({}, hidden), citizen)
    assert.deepEqual(told(prepared), ['true none B-B'])
    const swapped = addObjects(prepared, {}, { places: { 4: prepared.indexOf('4 0 obj') } })
    assert.deepEqual(told(swapped), ['true suspicious B-B'])
    // The same, though nothing has changed yet: an object that was free until now.
    const early = signPdf(basePdf({}, hidden.replace('4 0', '20 0')), citizen)
    const named = addObjects(early, {}, { places: { 20: early.indexOf('20 0 obj') } })
    assert.deepEqual(told(named), ['true suspicious B-B'])
  })

  test('what readers understand in two ways is not let in', () => {
    const fresh = addObjects(signed, { 4: stream('', 'BT (Hola) Tj ET') }).toString('latin1')
    const second = Buffer.from(fresh.replace(/(xref\n4 1\n\d{10}) 00000/, '$1 00001'), 'latin1')
    assert.equal(isClean(verifyPdf(Buffer.from(fresh, 'latin1'))), true)
    assert.deepEqual(told(second), ['true suspicious B-B'])
    const twice = Buffer.from(fresh.replace(/(xref\n)(4 1\n\d{10} 00000 n \n)/, '$1$2$2'), 'latin1')
    assert.equal(isClean(verifyPdf(twice)), false)
    const hybrid = addObjects(signed, {}, { trailer: `/Size 40 /Root 1 0 R /Info 11 0 R /XRefStm ${startOf(signed)}` })
    assert.equal(isClean(verifyPdf(hybrid)), false)
    const commented = Buffer.concat([signed, Buffer.from('% 4 0 obj << >> endobj\n')])
    assert.deepEqual(told(addObjects(commented, {}, { prev: startOf(signed) })), ['true suspicious B-B'])
  })

  test('references that lead past what was signed, or nowhere', () => {
    const over: UpdateOptions[] = [{ prev: startOf(base) }, { prev: null }, { prev: 9 }, { prev: signed.length }]
    for (const place of [signed.indexOf('BT (Hola)'), signed.length + 1, 0, 10 ** 9])
      over.push({ places: { 4: place } })
    for (const options of over) assert.equal(isClean(verifyPdf(addObjects(signed, { 30: '<< >>' }, options))), false)
    // The control: without that, nothing is wrong with such an update.
    assert.deepEqual(told(addObjects(signed, { 30: '<< >>' })), ['true allowed B-B'])
  })

  test('an attack that hides the file from those who cannot decrypt it', () => {
    const encrypted = addObjects(signed, {}, { trailer: '/Size 40 /Root 1 0 R /Encrypt << /Filter /Standard >>' })
    assert.equal(verifyPdf(encrypted).error?.problem, 'encrypted')
  })

  test('and not even where a further revision takes it back', () => {
    const there = addObjects(signed, { 4: stream('', 'BT (Otra) Tj ET') })
    const back = addObjects(there, { 4: stream('', 'BT (Hola) Tj ET') })
    assert.deepEqual(told(back), ['true suspicious B-B'])
    assert.deepEqual(told(addObjects(signed, { 4: stream('', 'BT (Hola) Tj ET') })), ['true allowed B-B'])
  })

  test('a second signature does not wash the change before it, and says so only of the first', () => {
    const changed = addObjects(signed, { 4: stream('', 'BT (Otra) Tj ET') })
    assert.deepEqual(told(signPdf(changed, officer, 'officer')), ['true suspicious B-B', 'true none B-B'])
  })

  test('bytes that no reference names are not let in between two revisions', () => {
    const between = Buffer.concat([signed, Buffer.from('4 0 obj\n<< >>\nendobj\n')])
    const whole = addObjects(between, {}, { prev: startOf(signed) })
    assert.deepEqual(told(whole), ['true suspicious B-B'])
    assert.deepEqual(told(addObjects(signed, {})), ['true allowed B-B'])
  })
})

const fillHere = (pdf: Buffer, more: Objects = {}, appearance = '/AP << /N 10 0 R >>') =>
  addObjects(pdf, {
    8: textOf(8, base).replace('/AP << /N 10 0 R >>', `${appearance} /V 30 0 R`),
    30: signatureObject(),
    ...more,
  })
const here = (pdf: Buffer, more?: Objects, appearance?: string) =>
  fillSignature(fillHere(pdf, more, appearance), (digest) => detachedCms(officer, digest))
const LOOK = { 10: stream('/Type /XObject /Subtype /Form /BBox [0 0 80 50]', 'q 1 0 0 rg Q') }

describe('what later revisions may do', () => {
  test('an empty field is signed, its look replaced in place', () => {
    assert.deepEqual(told(here(signed, LOOK)), ['true allowed B-B', 'true none B-B'])
  })

  test('but not where something else shows that look', () => {
    const shown = signPdf(basePdf({ 4: stream('/Shown 10 0 R', 'BT (Hola) Tj ET') }), citizen)
    assert.deepEqual(told(here(shown, LOOK)), ['true suspicious B-B', 'true none B-B'])
  })

  test('a signature field that is seen may not be added: it could cover what was signed', () => {
    const seen = (rect: string) =>
      fillSignature(
        addObjects(signed, {
          ...replace(7, ']', ' 31 0 R]'),
          ...replace(3, ']', ' 31 0 R]'),
          30: signatureObject(),
          31: `<< /FT /Sig /T (late) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R /Rect ${rect} /AP << /N 10 0 R >> /V 30 0 R >>`,
        }),
        (digest) => detachedCms(officer, digest),
      )
    assert.deepEqual(told(seen('[0 0 0 0]')), ['true allowed B-B', 'true none B-B'])
    assert.deepEqual(told(seen('[0 0 300 144]')), ['true suspicious B-B', 'true none B-B'])
  })

  test('validation data and a time-stamp of the whole make it last (EN 319 142-1, 6.3)', () => {
    const early = fillSignature(fillHere(base), (digest) => detachedCms(citizen, digest, clock))
    assert.deepEqual(told(early), ['true none B-T'])
    const stored = addObjects(early, {
      1: textOf(1, early).replace('/Pages', '/DSS << /Certs [32 0 R] /CRLs [32 0 R] >> /Pages'),
      32: stream('', 'x'),
    })
    assert.deepEqual(told(stored), ['true allowed B-LT'])
    const stamped = fillSignature(
      addObjects(stored, {
        ...replace(7, ']', ' 34 0 R]', stored),
        ...replace(3, ']', ' 34 0 R]', stored),
        33: signatureObject('/Type /DocTimeStamp /SubFilter /ETSI.RFC3161'),
        34: '<< /FT /Sig /T (stamp) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R /Rect [0 0 0 0] /V 33 0 R >>',
      }),
      (digest) => timestampOverDigest(digest, clock),
    )
    assert.deepEqual(told(stamped), ['true allowed B-LTA', 'true none none'])
    assert.equal(verifyPdf(stamped).signatures[1]?.timestamp?.time.toISOString(), '2025-06-01T00:00:01.000Z')
    const emptied = addObjects(stamped, { 1: textOf(1, stamped).replace('/Certs [32 0 R]', '/Certs []') })
    assert.equal(isClean(verifyPdf(emptied)), false)
  })

  test('a time-stamp over something else proves no time', () => {
    const wrong = fillSignature(fillHere(base), (digest) => detachedCms(citizen, digest, officer))
    assert.deepEqual(told(wrong), ['true none B-B'])
  })
})

describe('what a signature permits after it (ISO 32000-1, 12.8.2.2 and 12.8.2.4)', () => {
  const certified = (params: string, method = 'DocMDP') => {
    const reference = `/Reference [<< /TransformMethod /${method} /TransformParams << ${params} >> >>]`
    const pdf = addObjects(base, {
      7: '<< /Fields [8 0 R 9 0 R 31 0 R] /SigFlags 3 >>',
      30: signatureObject(`/Type /Sig /SubFilter /ETSI.CAdES.detached ${reference}`),
      31: '<< /FT /Sig /T (first) /V 30 0 R >>',
    })
    return fillSignature(pdf, (digest) => detachedCms(citizen, digest))
  }
  const fill = (pdf: Buffer) => addObjects(pdf, replace(9, '(old)', '(new)', base))
  const sign = (pdf: Buffer) => {
    const update = addObjects(pdf, { 8: textOf(8, base).replace('/P 3', '/V 35 0 R /P 3'), 35: signatureObject() })
    return fillSignature(update, (digest) => detachedCms(officer, digest))
  }
  test('nothing, filling, filling and comments', () => {
    assert.deepEqual(told(certified('/P 1')), ['true none B-B'])
    assert.deepEqual(told(fill(certified('/P 1'))), ['true suspicious B-B'])
    assert.deepEqual(told(sign(certified('/P 1'))), ['true suspicious B-B', 'true none B-B'])
    assert.deepEqual(told(fill(certified('/P 2'))), ['true allowed B-B'])
    assert.deepEqual(told(sign(certified('/P 2'))), ['true allowed B-B', 'true none B-B'])
  })

  test('fields that a signature locks', () => {
    assert.deepEqual(told(sign(certified('/Action /All', 'FieldMDP'))), ['true suspicious B-B', 'true none B-B'])
    assert.deepEqual(told(sign(certified('/Action /Include /Fields [(here)]', 'FieldMDP')))[0], 'true suspicious B-B')
    assert.deepEqual(told(sign(certified('/Action /Exclude /Fields [(here)]', 'FieldMDP')))[0], 'true allowed B-B')
  })
})

describe('what a signature covers', () => {
  const own = signed.toString('latin1')
  const range = /\/ByteRange (\[[^\]]+\])/.exec(own)!
  const [, , gap, after, rest] = /\[(\d+) (\d+) (\d+) (\d+)/.exec(range[1]!)!.map(Number) as [
    0,
    0,
    number,
    number,
    number,
  ]
  const withRange = (text: string) => Buffer.from(own.replace(range[1]!, text.padEnd(range[1]!.length)), 'latin1')

  test('anything but the file without /Contents is refused', () => {
    for (const text of [
      ...['[]', '[0 0 0 0]', `[0 ${gap}]`, `[1 ${gap - 1} ${after} ${rest}]`, `[0 ${gap - 1} ${after} ${rest}]`],
      ...[`[0 ${gap} ${after + 1} ${rest - 1}]`, `[0 ${gap} ${after} ${rest + 1}]`, `[0 ${gap} ${gap} ${rest}]`],
      ...[`[0 ${gap} ${after} -1]`, `[0 ${gap} ${after} ${rest}.5]`, '[0 1 R 2 3]', 'null'],
    ]) {
      const report = verifyPdf(withRange(text))
      assert.equal(isClean(report), false, text)
      assert.ok(report.signatures.length === 0 || report.signatures[0]!.checks[0]!.ok === false, text)
    }
  })

  test('a range that ends earlier leaves the rest unsigned', () => {
    assert.equal(isClean(verifyPdf(withRange(`[0 ${gap} ${after} ${rest - 6}]`))), false)
  })

  test('padding that is not zero is refused: no digest covers it', () => {
    const padded = Buffer.from(signed)
    padded.write('1', after - 2, 'latin1')
    assert.equal(isClean(verifyPdf(padded)), false)
    padded.write('>', after - 3, 'latin1')
    assert.equal(isClean(verifyPdf(padded)), false)
  })

  test('a signature that no field holds, or that was brought into another object', () => {
    const loose = addObjects(base, { 30: signatureObject() })
    assert.deepEqual(told(fillSignature(loose, (digest) => detachedCms(citizen, digest))), ['true suspicious B-B'])
    const copy = own.slice(own.indexOf('<< /Type /Sig'), own.indexOf('>>', own.indexOf('<< /Type /Sig')) + 2)
    assert.equal(isClean(verifyPdf(addObjects(signed, { 30: copy }))), false)
  })

  test('a second signer, a signature over another digest, one that is not DER', () => {
    const over = (cms: (digest: Buffer) => Buffer) => told(fillSignature(fillHere(base), cms))
    assert.deepEqual(
      over((digest) => detachedCms(citizen, digest)),
      ['true none B-B'],
    )
    assert.deepEqual(
      over(() => detachedCms(citizen, Buffer.alloc(32))),
      ['false none none'],
    )
    assert.deepEqual(
      over((digest) => Buffer.concat([Buffer.from([0x30, 0x80]), detachedCms(citizen, digest).subarray(4)])),
      ['false none none'],
    )
  })
})

test('whatever is done to a file at random, nothing is thrown and nothing signed is let through changed', () => {
  const random = seededRandom(20_261_124)
  const whole = here(signed, LOOK)
  const last = whole.lastIndexOf('/Contents <')
  const inLast = (at: number) => at > last && at < whole.indexOf('>', last)
  const pick = (limit: number) => Math.floor(random() * limit)
  for (let round = 0; round < 1500; round += 1) {
    const bytes = Buffer.from(whole)
    // Digits and delimiters do more harm than noise; the second revision is where the judging happens.
    for (let i = 0; i <= pick(3); i += 1)
      bytes[round % 2 ? pick(bytes.length) : signed.length + pick(bytes.length - signed.length)] =
        '0123456789<>[]()/ R\n'.charCodeAt(pick(20))
    const cut = round % 5 ? bytes : bytes.subarray(0, pick(bytes.length))
    const report = verifyPdf(cut)
    if (!isClean(report) || cut.equals(signed)) continue
    // A CMS message is not covered by itself: its version, say, can be another without anything signed being touched.
    assert.ok(
      cut.length === whole.length && [...cut.keys()].every((at) => cut[at] === whole[at] || inLast(at)),
      `${round}`,
    )
  }
})

test('what is named over and over costs no more than once: embedded files in a circle, one list for every signature', () => {
  const circle = basePdf({ 20: `<< /Kids [${'20 0 R '.repeat(2000)}] >>`, 1: CATALOG.replace('ROOT', '20 0 R') })
  assert.throws(() => readEmbeddedFiles(circle), { problem: 'too-large' })
  const lists = basePdf({
    20: `[${'<< /Kids 20 0 R >> '.repeat(2000)}]`,
    1: CATALOG.replace('ROOT', '<< /Kids 20 0 R >>'),
  })
  assert.throws(() => readEmbeddedFiles(lists), { problem: 'too-large' })

  const list = `[${'6 0 R '.repeat(4000)}]`
  const every = Array.from({ length: 4000 }, (_, i) => `/A${i} << /Cert 30 0 R /OCSP 30 0 R /CRL 30 0 R >>`)
  const from = signPdf(basePdf({ 30: list }), citizen)
  const store = addObjects(from, replace(1, '/AcroForm', `/DSS << /VRI << ${every.join(' ')} >> >> /AcroForm`, from))
  const started = performance.now()
  assert.deepEqual(told(store), ['true suspicious B-B'])
  assert.ok(performance.now() - started < 5000)
})
