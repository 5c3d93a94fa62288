import { deflateSync } from 'node:zlib'
import { addPacked } from './packed-pdf.ts'
import { issue } from './pki.ts'
import { addObjects, basePdf, detachedCms, type Objects, signatureObject, startOf, stream } from './signed-pdf.ts'

const MB = 1024 * 1024

const CATALOG = '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R >>'
/** Packed to a thousandth. */
const zipped = (size: number, head = ''): string =>
  deflateSync(Buffer.concat([Buffer.from(head), Buffer.alloc(size, 0x20)]), { level: 1 }).toString('latin1')
const binary = (dict: string, data: string): string =>
  `<< ${dict} /Length ${data.length} >>\nstream\n${data}\nendstream`

/** Adds binary objects; lengths count bytes. */
const withObjects = (objects: Objects): Buffer => addObjects(basePdf({ 1: CATALOG }), objects)

/** Of a message that is read to the end before it does not hold. */
const MESSAGE = detachedCms(issue({ subject: 'nobody' }), Buffer.alloc(32)).toString('hex')

/** Each signature covers all but its own gap. */
function covering(pdf: Buffer): Buffer {
  const copy = Buffer.from(pdf)
  for (let at = copy.indexOf('/ByteRange [0'); at >= 0; at = copy.indexOf('/ByteRange [0', at + 1)) {
    const gap = copy.indexOf('<0000', at)
    const after = copy.indexOf('>', gap) + 1
    const digits = [gap, after, copy.length - after].map((each) => String(each).padStart(10, '0'))
    copy.write(`[0 ${digits.join(' ')}]`, at + 11, 'latin1')
    copy.write(MESSAGE, gap + 1, 'latin1')
  }
  return copy
}

const repeated = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ')

function manySignatures(count: number, padding: number): Buffer {
  const objects: Objects = {
    1: CATALOG,
    7: `<< /SigFlags 3 /Fields [${repeated(count, (i) => `${100 + 2 * i} 0 R`)}] >>`,
    99: stream('', ' '.repeat(padding)),
  }
  for (let i = 0; i < count; i += 1) {
    objects[100 + 2 * i] = `<< /FT /Sig /T (f${i}) /V ${101 + 2 * i} 0 R >>`
    objects[101 + 2 * i] = signatureObject()
  }
  return covering(addObjects(basePdf(), objects))
}

function manyRevisions(count: number, fields: number): Buffer {
  const numbers = Array.from({ length: fields }, (_, i) => 200 + i)
  let pdf = addObjects(basePdf(), {
    1: CATALOG,
    7: `<< /SigFlags 3 /Fields [${numbers.map((num) => `${num} 0 R`).join(' ')}] >>`,
    ...Object.fromEntries(numbers.map((num) => [num, `<< /FT /Tx /T (f${num}) >>`])),
  })
  for (let i = 0; i < count; i += 1) pdf = addObjects(pdf, { [100 + i]: signatureObject(), 1: CATALOG })
  return covering(pdf)
}

function nestedSaves(count: number): Buffer {
  let pdf = basePdf({ 1: CATALOG })
  for (let i = 0; i < count; i += 1) pdf = addObjects(pdf, { 30: `<< /N ${i} >>` })
  return pdf
}

function packedIn(size: number, count: number): Buffer {
  let pdf = basePdf({ 1: CATALOG })
  for (let i = 0; i < count; i += 1) {
    const [num, holder] = [100 + i, 200 + 2 * i]
    const own = binary('/Type /ObjStm /N 1 /First 6 /Filter /FlateDecode', zipped(size, `${num} 0 true`))
    pdf = addPacked(pdf, { [num]: '1' }, {}, { holder })
    pdf = addPacked(pdf, {}, { [holder]: own }, { holder: 300 + 2 * i })
  }
  return pdf
}

/** Files that cost more than they are worth; each named by what it does. Made when asked for: some are as large as may be. */
export const HOSTILE: Record<string, () => Buffer> = {
  'more than 100 MB': () => Buffer.concat([basePdf(), Buffer.alloc(100 * MB)]),
  '99 MB of nothing': () =>
    Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(99 * MB), Buffer.from('startxref\n9\n%%EOF')]),
  '99 MB of blanks before an object': () => {
    const blanks = Buffer.alloc(99 * MB, 0x20)
    const head = Buffer.from('%PDF-1.7\n')
    return addObjects(Buffer.concat([head, blanks]), { 1: CATALOG, 2: '<< >>' }, { places: { 2: 9 }, prev: null })
  },
  'dictionaries by the million': () =>
    withObjects({
      30: `[${'<<>>'.repeat(190_000)}]`,
      31: `[${'<<>>'.repeat(190_000)}]`,
      32: `[${'[]'.repeat(190_000)}]`,
      33: `[${'<</A<<>>>>'.repeat(90_000)}]`,
      34: `[${'<<>>'.repeat(190_000)}]`,
      35: `[${'<<>>'.repeat(190_000)}]`,
      36: `[${'<<>>'.repeat(190_000)}]`,
    }),
  'numbers by the million in one object': () => withObjects({ 30: `[${'1 '.repeat(5_000_000)}]` }),
  'numbers by the million in many objects': () =>
    withObjects(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [30 + i, `[${'1 '.repeat(190_000)}]`]))),
  'arrays in arrays': () => withObjects({ 30: '['.repeat(2_000_000) }),
  'a name of 50 MB': () => withObjects({ 30: `/${'a'.repeat(50 * MB)}` }),
  'a string of 50 MB': () => withObjects({ 30: `(${'a'.repeat(50 * MB)})` }),
  'a string of 50 MB of digits': () => withObjects({ 30: `<${'a'.repeat(50 * MB)}>` }),
  'object streams that unpack to 120 MB': () => packedIn(120 * MB, 1),
  'object streams that unpack to 40 MB each': () => packedIn(40 * MB, 20),
  'references that unpack to 200 MB': () => {
    const data = zipped(200 * MB)
    const object = `50 0 obj\n${binary('/Type /XRef /W [1 4 2] /Size 400000 /Filter /FlateDecode', data)}\nendobj\n`
    return Buffer.from(`%PDF-1.7\n${object}startxref\n9\n%%EOF\n`, 'latin1')
  },
  'references of a table without end': () =>
    Buffer.from(
      `%PDF-1.7\nxref\n0 499999\n${'0000000000 65535 f \n'.repeat(400_000)}trailer\n<< >>\nstartxref\n9\n%%EOF\n`,
    ),
  'a thousand saves': () => nestedSaves(1000),
  'five hundred saves': () => nestedSaves(490),
  'a circle of references': () => addObjects(basePdf(), {}, { prev: basePdf().length }),
  'fifty signatures over the same 90 MB': () => manySignatures(50, 90 * MB),
  'a thousand signatures': () => manySignatures(1000, 0),
  'forty saves with a signature each, and many fields': () => manyRevisions(40, 15_000),
  'a hundred saves with few fields': () => manyRevisions(49, 10),
  'validation data that unpack to 100 MB, five hundred times': () => {
    const bomb = binary('/Filter /FlateDecode', zipped(100 * MB))
    const items = Array.from({ length: 500 }, (_, i) => 100 + i)
    const refs = items.map((num) => `${num} 0 R`).join(' ')
    return addObjects(basePdf(), {
      1: CATALOG.replace('/Pages', `/DSS << /CRLs [${refs}] /Certs [${refs}] >> /Pages`),
      ...Object.fromEntries(items.slice(0, 20).map((num) => [num, bomb])),
    })
  },
  'pages in a circle, a million kids': () =>
    withObjects({ 2: `<< /Type /Pages /Kids [${'2 0 R '.repeat(95_000)}] /Count 1 >>` }),
  'fields in a circle': () =>
    withObjects({
      7: `<< /Fields [${'30 0 R '.repeat(90_000)}] >>`,
      30: `<< /T (a) /Kids [${'30 0 R 7 0 R '.repeat(40_000)}] >>`,
    }),
  'lengths in a circle': () =>
    withObjects({ 30: '<< /Length 31 0 R >>\nstream\nx\nendstream', 31: '32 0 R', 32: '31 0 R' }),
  encrypted: () => addObjects(basePdf(), {}, { trailer: '/Size 40 /Root 1 0 R /Encrypt << /Filter /Standard >>' }),
  'objects inside each other': () => {
    const pdf = basePdf({ 1: CATALOG, 30: `(${'(x) '.repeat(90_000)})` })
    const at = pdf.indexOf('30 0 obj')
    return addObjects(pdf, {}, { places: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [100 + i, at])) })
  },
  'cut in the middle': () => {
    const pdf = manySignatures(3, 1000)
    return pdf.subarray(0, pdf.length >> 1)
  },
  'a start that leads nowhere': () =>
    Buffer.concat([basePdf(), Buffer.from(`startxref\n${startOf(basePdf()) + 3}\n%%EOF`)]),
}
