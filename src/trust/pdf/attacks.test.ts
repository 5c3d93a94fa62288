import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addPacked } from '#test/support/packed-pdf.ts'
import { hasPdfTools, pdfsig } from '#test/support/pdf-tools.ts'
import { issue } from '#test/support/pki.ts'
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
import { insertSignature } from './byte-range.ts'
import { type PdfReport, verifyPdf } from './verify-pdf.ts'

// The attacks of "1 Trillion Dollar Refund" (2019: USF, ISA, SWA), "Shadow Attacks" (2021) and "Breaking the Specification"
// (2021: EAA, SSA), each as a file; poppler calls the shadow ones valid.

const citizen = issue({ subject: 'citizen' })
const attacker = issue({ subject: 'attacker' })

const isClean = ({ signatures }: PdfReport): boolean =>
  signatures.length > 0 && signatures.every(({ sound, modifications }) => sound && modifications !== 'suspicious')

const told = (pdf: Buffer) => verifyPdf(pdf).signatures.map(({ sound, modifications }) => `${sound} ${modifications}`)

const FONT =
  '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 32 /Widths [278] >>'
const page = (more = '', annotations = '8 0 R 9 0 R') =>
  `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 20 0 R >> /XObject << /Over 21 0 R >> >> /Annots [${annotations}] ${more} >>`
const BODY = 'BT /F1 12 Tf 20 110 Td (Pay 100) Tj ET /Over Do'
const form = (data: string) => stream('/Type /XObject /Subtype /Form /BBox [0 0 300 144]', data)

/** A page with a font, and a form XObject over its text. */
const shadow = (changes: Objects = {}, hidden = '') =>
  basePdf({ 3: page(), 4: stream('', BODY), 20: FONT, 21: form('1 1 1 rg 0 100 300 40 re f'), ...changes }, hidden)

/** Signs a new, invisible field of a revision that certifies. */
function certified(pdf: Buffer, level: 1 | 2 | 3): Buffer {
  const reference = `/Reference [<< /TransformMethod /DocMDP /TransformParams << /P ${level} /V /1.2 >> >>]`
  const prepared = addObjects(pdf, {
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /Perms << /DocMDP 30 0 R >> >>',
    7: '<< /Fields [8 0 R 9 0 R 31 0 R] /SigFlags 3 >>',
    30: signatureObject(`/Type /Sig /SubFilter /ETSI.CAdES.detached ${reference}`),
    31: '<< /FT /Sig /T (first) /V 30 0 R >>',
  })
  return fillSignature(prepared, (digest) => detachedCms(citizen, digest))
}

function requireCaught(pdf: Buffer, name: string): void {
  assert.equal(isClean(verifyPdf(pdf)), false, name)
  assert.ok(told(pdf).includes('true suspicious'), `${name}: ${told(pdf)}`)
}

describe('shadow attacks: content is prepared before it is signed', () => {
  const signed = signPdf(shadow(), citizen)
  const hide: Record<string, Objects> = {
    'the overlay freed': { 21: null },
    'the overlay emptied': { 21: form('') },
    'the overlay of another type': { 21: '<< >>' },
    'the overlay no longer named': { 3: page().replace('/XObject << /Over 21 0 R >>', '') },
    'the overlay moved off the page': {
      21: stream('/Type /XObject /Subtype /Form /BBox [0 0 300 144] /Matrix [1 0 0 1 999 0]', ''),
    },
    'the page shows less': { 3: page('/CropBox [0 0 300 50]') },
    'a layer turned off': {
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /OCProperties << /OCGs [] /D << >> >> >>',
    },
  }
  const replace: Record<string, Objects> = {
    'the font, so that other letters are seen': {
      20: FONT.replace('/Encoding /WinAnsiEncoding', '/Encoding << /Differences [49 /nine] >>'),
    },
    'the font’s widths': { 20: FONT.replace('[278]', '[900]') },
    'the text of a field': {
      9: '<< /FT /Tx /T (words) /V (new) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] >>',
    },
    'the look of a field, its value kept': {
      9: '<< /FT /Tx /T (words) /V (old) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] /AP << /N 21 0 R >> >>',
    },
    'the look of a signature field': {
      10: stream('/Type /XObject /Subtype /Form /BBox [0 0 80 50]', '0 0 80 50 re f'),
    },
    'the form’s resources': { 7: '<< /Fields [8 0 R 9 0 R] /SigFlags 3 /NeedAppearances true /DA (/F1 40 Tf) >>' },
  }
  for (const [kind, attacks] of Object.entries({ hide, replace }))
    for (const [name, objects] of Object.entries(attacks)) {
      test(`${kind}: ${name}`, () => {
        const attack = addObjects(signed, objects)
        requireCaught(attack, name)
        if (hasPdfTools() && name === 'the overlay emptied') assert.deepEqual(pdfsig(attack), ['Signature is Valid.'])
      })
      test(`${kind}, packed in an object stream: ${name}`, () => {
        const plain = Object.fromEntries(Object.entries(objects).filter(([, text]) => text?.includes('stream')))
        const packed = Object.fromEntries(
          Object.entries(objects).filter(([, text]) => text && !text.includes('stream')),
        )
        const free = Object.entries(objects).flatMap(([num, text]) => (text === null ? [Number(num)] : []))
        requireCaught(
          addPacked(signed, packed as Record<number, string>, plain as Record<number, string>, { free }),
          name,
        )
      })
      test(`${kind}, behind a second signature: ${name}`, () => {
        assert.equal(told(signPdf(addObjects(signed, objects), attacker, 'second'))[0], 'true suspicious')
      })
    }

  const other = [
    '50 0 obj\n<< /Type /Catalog /Pages 51 0 R >>\nendobj',
    '51 0 obj\n<< /Type /Pages /Kids [52 0 R] /Count 1 /MediaBox [0 0 300 144] >>\nendobj',
    '52 0 obj\n<< /Type /Page /Parent 51 0 R >>\nendobj\n',
  ].join('\n')
  const twofold = signPdf(shadow({}, other), citizen)
  const at = (num: number) => twofold.indexOf(`${num} 0 obj`)
  const places = { 50: at(50), 51: at(51), 52: at(52) }
  test('hide and replace: a second document, signed along, is switched to', () => {
    assert.deepEqual(told(twofold), ['true none'])
    const switched = addObjects(twofold, {}, { places, trailer: '/Size 60 /Root 50 0 R' })
    requireCaught(switched, 'by its root')
    assert.equal(isClean(verifyPdf(addObjects(twofold, {}, { places: { 1: at(50), ...places } }))), false)
    requireCaught(addObjects(twofold, { 2: '<< /Type /Pages /Kids [52 0 R] /Count 1 >>' }, { places }), 'by its pages')
    assert.equal(isClean(verifyPdf(addPacked(twofold, {}, {}, { trailer: '/Root 50 0 R' }))), false)
  })

  for (const [name, rectangle, caught] of [
    ['over words', '[10 100 200 140]', true],
    ['under words', '[10 20 200 90]', false],
    ['over the edge of words', '[60 100 200 140]', false],
  ] as const)
    test(`replace: an empty signature field prepared ${name} is signed with a look`, () => {
      const font = FONT.replace(
        '/FirstChar 32 /LastChar 32 /Widths [278]',
        `/FirstChar 0 /LastChar 255 /Widths [${'600 '.repeat(256)}]`,
      )
      const field = `<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect ${rectangle} >>`
      const victim = signPdf(shadow({ 8: field, 20: font }), citizen)
      const attack = addObjects(victim, {
        8: field.replace('/T (here)', '/T (here) /V 60 0 R /AP << /N 61 0 R >>'),
        60: signatureObject(),
        61: form('1 1 1 rg 0 0 300 144 re f'),
      })
      const whole = fillSignature(attack, (digest) => detachedCms(attacker, digest))
      assert.equal(told(whole)[0], caught ? 'true suspicious' : 'true allowed')
    })

  test('hide and replace: references of two kinds', () => {
    const hybrid = addObjects(
      signed,
      { 30: '<< >>' },
      { trailer: `/Size 60 /Root 1 0 R /Info 11 0 R /XRefStm ${startOf(signed)}` },
    )
    assert.equal(isClean(verifyPdf(hybrid)), false)
    const inner = addPacked(signed, { 4: 'null' }, { 21: form('') })
    const outer = addObjects(signed, {}, {}).toString('latin1').slice(signed.length)
    const start = inner.length
    const tail = outer
      .replace(/startxref\n\d+/, `startxref\n${start}`)
      .replace('/Prev', `/XRefStm ${startOf(inner)} /Prev`)
    assert.equal(isClean(verifyPdf(Buffer.concat([inner, Buffer.from(tail, 'latin1')]))), false)
  })
})

describe('attacks on certifications', () => {
  const STAMP = '<< /Type /Annot /Subtype /Stamp /Rect [20 100 120 130] /F 4 /AP << /N 40 0 R >> /Contents (Pay 900) >>'
  const look = { 40: stream('/Type /XObject /Subtype /Form /BBox [0 0 100 30]', '1 1 1 rg 0 0 100 30 re f') }
  for (const level of [1, 2, 3] as const) {
    const file = certified(shadow(), level)
    test(`evil annotations (EAA), level ${level}`, () => {
      assert.deepEqual(told(file), ['true none'])
      requireCaught(addObjects(file, { 3: page('', '8 0 R 9 0 R 41 0 R'), 41: STAMP, ...look }), 'a stamp')
      const text = STAMP.replace('/Stamp', '/FreeText /DA (/F1 12 Tf)')
      requireCaught(addObjects(file, { 3: page('', '8 0 R 9 0 R 41 0 R'), 41: text, ...look }), 'free text')
      const redacted = STAMP.replace('/Stamp', '/Redact')
      requireCaught(addObjects(file, { 3: page('', '8 0 R 9 0 R 41 0 R'), 41: redacted, ...look }), 'a redaction')
    })

    test(`sneaky signatures (SSA), level ${level}`, () => {
      for (const [name, rectangle, more] of [
        ['over the text', '[20 100 120 130]', ''],
        ['in an empty place', '[200 20 290 60]', ''],
        ['that nobody signed', '[200 20 290 60]', 'unsigned'],
      ] as const) {
        const value = more === '' ? '/V 42 0 R' : ''
        const field = `<< /FT /Sig /T (late) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect ${rectangle} /AP << /N 40 0 R >> ${value} >>`
        const attack = addObjects(file, {
          3: page('', '8 0 R 9 0 R 41 0 R'),
          7: '<< /Fields [8 0 R 9 0 R 31 0 R 41 0 R] /SigFlags 3 >>',
          41: field,
          42: more === '' ? signatureObject() : '<< >>',
          ...look,
        })
        const whole = more === '' ? fillSignature(attack, (digest) => detachedCms(attacker, digest)) : attack
        assert.equal(told(whole)[0], 'true suspicious', name)
      }
    })

    test(`a later certification cannot permit more, level ${level}`, () => {
      const again = `/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 3 /V /1.2 >> >>]`
      const attack = addObjects(file, {
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /Perms << /DocMDP 42 0 R >> >>',
        7: '<< /Fields [8 0 R 9 0 R 31 0 R 41 0 R] /SigFlags 3 >>',
        41: '<< /FT /Sig /T (late) /V 42 0 R >>',
        42: signatureObject(`/Type /Sig /SubFilter /ETSI.CAdES.detached ${again}`),
      })
      assert.equal(told(fillSignature(attack, (digest) => detachedCms(attacker, digest)))[0], 'true suspicious')
      const without = addObjects(file, { 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R >>' })
      requireCaught(without, 'the certification taken away')
    })
  }
})

describe('attacks on how signatures are found and what they cover', () => {
  const signed = signPdf(shadow(), citizen)
  const text = signed.toString('latin1')
  const range = /\/ByteRange \[[^\]]+\]/.exec(text)![0]
  const contents = /\/Contents <[0-9a-f]+>/.exec(text)![0]
  const changed = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1')

  test('universal signature forgery (USF): parts of the signature missing or void', () => {
    const void_ = (key: string, values: string[]) => values.map((value) => `/${key} ${value}`)
    for (const to of ['', ...void_('ByteRange', ['null', '[]', '[0 0 0 0]', '[0 -1 0 -1]', '[0 0]', '(x)', '1 0 R'])])
      assert.equal(isClean(verifyPdf(changed(range, to.padEnd(range.length)))), false, to)
    for (const to of ['', ...void_('Contents', ['null', '<>', '<00>', '()', '(0)', '1 0 R', '<3080>'])])
      assert.equal(isClean(verifyPdf(changed(contents, to.padEnd(contents.length)))), false, to)
  })

  test('incremental saving (ISA): with and without references, trailer, or a copy of the signature', () => {
    const evil = `4 0 obj\n${stream('', 'BT (Pay 900) Tj ET')}\nendobj\n`
    const signature = /\d+ 0 obj\n<< \/Type \/Sig[\s\S]*?endobj\n/.exec(text)![0]
    const more = ['', `trailer\n<< /Root 1 0 R >>\n`, `xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 60 >>\n`, signature]
    for (const each of more)
      for (const end of ['', '%%EOF\n', `startxref\n${startOf(signed)}\n%%EOF\n`])
        assert.equal(isClean(verifyPdf(Buffer.concat([signed, Buffer.from(evil + each + end, 'latin1')]))), false)
    requireCaught(addObjects(signed, { 4: stream('', 'BT (Pay 900) Tj ET') }), 'a proper update')
  })

  test('signature wrapping (SWA): what was covered is moved, something else is put in its place', () => {
    const [, gap, after, rest] = /\[0 (\d+) (\d+) (\d+)/.exec(range)!.map(Number) as [0, number, number, number]
    const evil = `4 0 obj\n${stream('', 'BT (Pay 900) Tj ET')}\nendobj\n`
    const tail = text.slice(after)
    for (const inside of [evil, `>>\nendobj\n${evil}`, `> /Reason (x)\n>>\nendobj\n${evil}`, ' '.repeat(40)]) {
      const moved = `[0 ${gap} ${after + inside.length} ${rest}]`
      for (const wanted of [moved, `[0 ${gap} ${after} ${rest}]`]) {
        const head = text.slice(0, after).replace(range, `/ByteRange ${wanted}`.padEnd(range.length))
        const wrapped = Buffer.from(head + inside + tail, 'latin1')
        assert.equal(isClean(verifyPdf(wrapped)), false, inside)
      }
    }
  })

  test('two signatures that cover each other’s gaps, one gap for two, gaps that overlap', () => {
    const both = addObjects(shadow(), {
      7: '<< /Fields [8 0 R 9 0 R 31 0 R 33 0 R] /SigFlags 3 >>',
      30: signatureObject(),
      31: '<< /FT /Sig /T (a) /V 30 0 R >>',
      33: '<< /FT /Sig /T (b) /V 30 0 R >>',
    })
    const shared = fillSignature(both, (digest) => detachedCms(citizen, digest))
    assert.equal(verifyPdf(shared).signatures.length, 1)
    const nested = addObjects(shadow(), {
      7: '<< /Fields [8 0 R 9 0 R 31 0 R] /SigFlags 3 >>',
      30: signatureObject().replace('/Filter', `/Inner ${signatureObject()} /Filter`),
      31: '<< /FT /Sig /T (a) /V 30 0 R >>',
    })
    assert.equal(isClean(verifyPdf(fillSignature(nested, (digest) => detachedCms(citizen, digest)))), false)
  })

  test('two fields of one name', () => {
    const doubled = shadow({
      7: '<< /Fields [8 0 R 9 0 R 33 0 R] /SigFlags 3 >>',
      33: '<< /FT /Sig /T <FEFF0063006900740069007A0065006E> >>',
    })
    const twice = addObjects(doubled, {
      7: '<< /Fields [8 0 R 9 0 R 33 0 R 31 0 R] /SigFlags 3 >>',
      30: signatureObject(),
      31: '<< /FT /Sig /T (citizen) /V 30 0 R >>',
    })
    assert.deepEqual(told(fillSignature(twice, (digest) => detachedCms(citizen, digest))), ['true suspicious'])
  })

  test('a message over other bytes, or of another file', () => {
    const [, gap, after, rest] = /\[0 (\d+) (\d+) (\d+)/.exec(range)!.map(Number) as [0, number, number, number]
    const foreign = insertSignature(signed, [0, gap, after, rest], detachedCms(attacker, Buffer.alloc(32, 1)))
    assert.deepEqual(told(foreign), ['false none'])
  })
})
