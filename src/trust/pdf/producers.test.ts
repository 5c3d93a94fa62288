import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addPacked } from '#test/support/packed-pdf.ts'
import { authority, issue, revocationList } from '#test/support/pki.ts'
import {
  addObjects,
  basePdf,
  detachedCms,
  fillSignature,
  type Objects,
  signatureObject,
  signPdf,
  startOf,
  stream,
} from '#test/support/signed-pdf.ts'
import { samplePdf } from '#test/support/typst.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { completeSignature } from './complete-signature.ts'
import { PdfFile } from './file.ts'
import { prepareSignature } from './prepare-signature.ts'
import { addSecurityStore } from './security-store.ts'
import { signPrepared } from './sign-pdf.ts'
import { verifyPdf } from './verify-pdf.ts'

// What other programs write that is in order, and must not look changed.

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const officer = issue({ subject: 'officer', issuer: root })
const told = (pdf: Buffer) => verifyPdf(pdf).signatures.map(({ sound, modifications }) => `${sound} ${modifications}`)

const catalog = (more = '') => `<< /Type /Catalog /Pages 2 0 R ${more} /AcroForm 7 0 R >>`
const widget = (more = '') =>
  `<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 10 90 60] /AP << /N 10 0 R >> ${more} >>`

/** Signs the last signature object there is. */
const fill = (pdf: Buffer, by = citizen) => fillSignature(pdf, (digest) => detachedCms(by, digest))

describe('how other programs save', () => {
  const base = basePdf({ 1: catalog() })
  const signed = signPdf(base, citizen)
  const { dict } = { dict: (num: number) => new PdfFile(signed).dict({ num, gen: 0 })! }

  test('packed objects and streams of references, with metadata, dates and another look', () => {
    const fields = (dict(7).get('Fields') as unknown[]).length
    assert.equal(fields, 3)
    const metadata = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    const saved = addPacked(
      signed,
      {
        1: catalog('/Metadata 61 0 R /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >> /Version /1.7'),
        8: widget('/V 60 0 R').replace('10 0 R', '62 0 R'),
        11: '<< /Title (Prueba) /ModDate (D:2026) /Producer (Other) >>',
      },
      {
        60: signatureObject(),
        61: stream('/Type /Metadata /Subtype /XML', metadata),
        62: stream('/Type /XObject /Subtype /Form /BBox [0 0 80 50]', 'q Q'),
      },
    )
    assert.deepEqual(told(fill(saved, officer)), ['true allowed', 'true none'])
  })

  test('a base of the hybrid kind, as word processors write it', () => {
    const start = base.length
    const rows = Buffer.from([1, 0, 0, 0, 0, 0, 0])
    rows.writeUInt32BE(start, 1)
    const object = `95 0 obj\n<< /Type /XRef /Size 96 /W [1 4 2] /Index [95 1] /Root 1 0 R /Length 7 >>\nstream\n${rows.toString('latin1')}\nendstream\nendobj\n`
    const table = start + object.length
    const tail = `xref\n0 0\ntrailer\n<< /Size 96 /Root 1 0 R /Info 11 0 R /Prev ${startOf(base)} /XRefStm ${start} >>\nstartxref\n${table}\n%%EOF`
    const hybrid = Buffer.concat([base, Buffer.from(object + tail, 'latin1')])
    const once = signPdf(hybrid, citizen)
    assert.deepEqual(told(once), ['true none'])
    assert.deepEqual(told(signPdf(once, officer, 'second')), ['true allowed', 'true none'])
  })

  test('what the table of a hybrid file calls free is in the stream beside it', () => {
    const inner = addPacked(base, { 70: '<< /Kept true >>' })
    const tail = `xref\n70 1\n0000000000 65535 f \ntrailer\n<< /Size 96 /Root 1 0 R /Prev ${startOf(base)} /XRefStm ${startOf(inner)} >>\nstartxref\n${inner.length}\n%%EOF\n`
    const file = new PdfFile(Buffer.concat([inner, Buffer.from(tail, 'latin1')]))
    assert.equal(file.dict({ num: 70, gen: 0 })?.get('Kept'), true)
  })

  test('a field that names its signature as its default too, and one whose widget is apart', () => {
    const more = (objects: Objects) =>
      told(
        fill(
          addObjects(signed, {
            3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> /Annots [8 0 R 9 0 R 41 0 R 62 0 R] >>',
            7: '<< /Fields [8 0 R 9 0 R 41 0 R 61 0 R] /SigFlags 3 >>',
            60: signatureObject(),
            ...objects,
          }),
          officer,
        ),
      )
    const look = { 63: stream('/Type /XObject /Subtype /Form /BBox [0 0 0 0]', '') }
    const whole =
      '<< /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /FT /Sig /P 3 0 R /T (Signature2) /V 60 0 R /DV 60 0 R /AP << /N 63 0 R >> >>'
    const alone = {
      ...look,
      3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> /Annots [8 0 R 9 0 R 41 0 R 61 0 R] >>',
    }
    assert.deepEqual(more({ ...alone, 61: whole }), ['true allowed', 'true none'])
    assert.equal(more({ ...alone, 61: whole.replace('/DV 60', '/DV 11') })[0], 'true suspicious')
    const kid = '<< /Parent 61 0 R /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /P 3 0 R >>'
    assert.deepEqual(more({ 61: '<< /FT /Sig /T (b) /V 60 0 R /Kids [62 0 R] >>', 62: kid }), [
      'true allowed',
      'true none',
    ])
    for (const [from, to] of [
      ['[0 0 0 0]', '[0 0 99 99]'],
      ['/P 3 0 R', '/T (x)'],
      ['/P 3 0 R', '/FT /Tx'],
      ['/P 3 0 R', '/A << /S /JavaScript >>'],
    ] as const)
      assert.equal(
        more({ 61: '<< /FT /Sig /T (b) /V 60 0 R /Kids [62 0 R] >>', 62: kid.replace(from, to) })[0],
        'true suspicious',
      )
  })

  test('a form that was an object of its own, written in place', () => {
    const form = '<< /Fields [8 0 R 9 0 R 41 0 R] /SigFlags 3 >>'
    assert.deepEqual(told(addObjects(signed, { 1: catalog().replace('7 0 R', form) })), ['true allowed'])
    const less = form.replace(' 9 0 R', '')
    assert.deepEqual(told(addObjects(signed, { 1: catalog().replace('7 0 R', less) })), ['true suspicious'])
    assert.deepEqual(told(addObjects(signed, { 1: catalog().replace('7 0 R', '70 0 R'), 70: form })), ['true allowed'])
  })

  test('a certification told through references', () => {
    const prepared = addObjects(base, {
      1: catalog('/Perms 50 0 R'),
      7: '<< /Fields 51 0 R /SigFlags 52 0 R >>',
      30: signatureObject('/Type 53 0 R /SubFilter /ETSI.CAdES.detached /Reference 54 0 R'),
      31: '<< /FT /Sig /T (first) /V 30 0 R >>',
      50: '<< /DocMDP 30 0 R >>',
      51: '[8 0 R 9 0 R 31 0 R]',
      52: '3',
      53: '/Sig',
      54: '[55 0 R]',
      55: '<< /TransformMethod 56 0 R /TransformParams 57 0 R >>',
      56: '/DocMDP',
      57: '<< /P 58 0 R >>',
      58: '2',
    })
    const certified = fill(prepared)
    assert.deepEqual(told(certified), ['true none'])
    const filled = {
      9: '<< /FT /Tx /T (words) /V (new) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] >>',
    }
    assert.deepEqual(told(addObjects(certified, filled)), ['true allowed'])
    assert.deepEqual(told(addObjects(certified, { ...filled, 58: '3' })), ['true suspicious'])
    const second = { 8: widget('/V 60 0 R'), 60: signatureObject('/Type 53 0 R /SubFilter /ETSI.CAdES.detached') }
    assert.deepEqual(told(fill(addObjects(certified, second), officer)), ['true allowed', 'true none'])
  })

  test('rights to use a form are nobody’s word on it', () => {
    const rights = signatureObject('/Type /Sig /SubFilter /adbe.pkcs7.detached').replace(/0{100,}/, '00')
    const enabled = basePdf({ 1: catalog('/Perms << /UR3 63 0 R >>'), 63: rights })
    assert.deepEqual(told(signPdf(enabled, citizen)), ['true none'])
    assert.deepEqual(told(enabled), [])
    const later = addObjects(signed, { 1: catalog('/Perms << /UR3 63 0 R >>'), 63: rights })
    assert.deepEqual(told(later), ['true suspicious'])
  })

  test('a value that was an object of its own, written in place', () => {
    const apart = signPdf(
      basePdf({
        3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 64 0 R /Annots 65 0 R >>',
        64: '<< >>',
        65: '[8 0 R 9 0 R]',
      }),
      citizen,
    )
    const number = (PdfFile.prototype.array.call(new PdfFile(apart), { num: 65, gen: 0 }) as Array<{ num: number }>).at(
      -1,
    )!.num
    const inline: Objects = {
      3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> /Annots [8 0 R 9 0 R ${number} 0 R] >>`,
    }
    assert.deepEqual(told(addObjects(apart, inline)), ['true allowed'])
    const other = { 3: inline[3]!.replace('/Resources << >>', '/Resources << /Font << >> >>') }
    assert.deepEqual(told(addObjects(apart, other)), ['true suspicious'])
  })
})

describe('the store of validation data', () => {
  const list = revocationList({ issuer: root })
  const data = { certificates: [root.certificate.der], crls: [list], ocspResponses: [] }
  const stored = signPdf(addSecurityStore(signPdf(basePdf({ 1: catalog() }), citizen), data), officer, 'second')
  const item = (bytes: Buffer) => stream('', bytes.toString('latin1'))
  const more = { 70: item(root.certificate.der), 71: item(list) }
  const store = new PdfFile(stored).trailer && (new PdfFile(stored).catalog.get('DSS') as { num: number }).num

  const bytes = (objects: Objects) => {
    // Streams of bytes, lengths in bytes and not in UTF-8.
    return Object.fromEntries(
      Object.entries(objects).map(([num, text]) => [
        num,
        text?.replace(
          /\/Length \d+ >>\nstream\n([\s\S]*)\nendstream/,
          (_, inner: string) => `/Length ${inner.length} >>\nstream\n${inner}\nendstream`,
        ) ?? null,
      ]),
    )
  }

  test('is written anew with the same data, through lists of their own', () => {
    const anew = {
      ...bytes(more),
      72: '[70 0 R]',
      73: '[71 0 R]',
      [store]: '<< /Type /DSS /Certs 72 0 R /CRLs 73 0 R >>',
    }
    assert.deepEqual(told(addObjects(stored, anew)), ['true allowed', 'true allowed'])
    const less = { ...bytes(more), [store]: '<< /Type /DSS /Certs [70 0 R] >>' }
    assert.deepEqual(told(addObjects(stored, less)), ['true allowed', 'true suspicious'])
    const other = { ...bytes({ ...more, 71: item(Buffer.from('x')) }), [store]: '<< /Certs [70 0 R] /CRLs [71 0 R] >>' }
    assert.deepEqual(told(addObjects(stored, other)), ['true allowed', 'true suspicious'])
  })
})

describe('a second signature that is seen', () => {
  const seen = async (pdf: Buffer, fieldName: string, left: number, bottom = 40) => {
    const prepared = prepareSignature(pdf, {
      fieldName,
      signingTime: new Date('2025-06-01T00:00:00Z'),
      name: 'Ana',
      appearance: { rectangle: [left, bottom, left + 120, bottom + 40] },
    })
    const signer = await signPrepared(prepared, {
      certificate: citizen.certificate,
      sign: signWith(citizen.key),
    })
    return completeSignature(prepared, { signer })
  }

  test('stands where nothing was, and not over or beside what was signed', async () => {
    const first = await seen(samplePdf(), 'first', 60)
    assert.deepEqual(told(await seen(first, 'second', 250)), ['true allowed', 'true none'])
    assert.deepEqual(told(await seen(first, 'second', 150)), ['true suspicious', 'true none'])
    assert.deepEqual(told(await seen(first, 'second', 183)), ['true suspicious', 'true none'])
    // The heading of the page.
    assert.deepEqual(told(await seen(first, 'second', 70, 740)), ['true suspicious', 'true none'])
  })

  for (const [name, content, resources, free] of [
    ['text elsewhere', 'BT /F1 12 Tf 20 100 Td (x) Tj ET', '/Font << /F1 20 0 R >>', true],
    ['text there', 'BT /F1 12 Tf 150 60 Td (x) Tj ET', '/Font << /F1 20 0 R >>', false],
    [
      'text that reaches there',
      'BT /F1 12 Tf 20 60 Td (xxxxxxxxxxxxxxxxxxxxxxxxx) Tj ET',
      '/Font << /F1 20 0 R >>',
      false,
    ],
    ['text turned there', 'BT /F1 12 Tf 0 1 -1 0 160 10 Tm (xxxxxxx) Tj ET', '/Font << /F1 20 0 R >>', false],
    ['text of a font that is not there', 'BT /F2 12 Tf 20 100 Td (x) Tj ET', '/Font << /F1 20 0 R >>', false],
    ['a line through it', '0 60 m 300 60 l S', '', false],
    ['a line elsewhere', '0 140 m 300 140 l S', '', true],
    ['a path that only clips', '0 0 300 144 re W n', '', true],
    ['paper of one colour', '1 g 0 0 300 144 re f', '', true],
    ['paper of one colour, after something', '0 140 m 9 140 l S 0 0 300 144 re f', '', false],
    ['a picture there', 'q 300 0 0 144 0 0 cm /X Do Q', '/XObject << /X 21 0 R >>', false],
    ['a form elsewhere', 'q 1 0 0 1 0 100 cm /Y Do Q', '/XObject << /Y 22 0 R >>', true],
    ['a shading', '/S sh', '', false],
    ['an image inside', 'q 9 0 0 9 0 130 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q', '', true],
    ['an image inside, that ends twice', 'q 9 0 0 9 0 130 cm BI /W 1 /H 1 ID x EI x EI Q', '', false],
    ['an operator that is none', 'Q_ q', '', false],
    ['a string without an end', '(x', '', false],
  ] as const)
    test(`on a page with ${name}: ${free ? 'free' : 'taken'}`, async () => {
      const pdf = signPdf(
        basePdf({
          3: `<< /Type /Page /Parent 2 0 R /Contents [4 0 R] /Resources << ${resources} >> >>`,
          4: stream('', content),
          7: '<< /Fields [] >>',
          20: '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /FirstChar 0 /LastChar 255 /Widths 23 0 R >>',
          21: stream(
            '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray',
            'x',
          ),
          22: stream('/Type /XObject /Subtype /Form /BBox [0 0 50 30]', ''),
          23: `[${'600 '.repeat(256)}]`,
        }),
        officer,
        'first',
      )
      const [first] = told(await seen(pdf, 'second', 140))
      assert.equal(first, free ? 'true allowed' : 'true suspicious')
    })
})
