import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { Refusal } from '#kernel/refusal.ts'
import { samplePdf, writePdf } from '../../../../bin/client/sample-attachment.ts'
import { checkFile } from './check-file.ts'
import { cleanName } from './store.ts'

const LARGEST = 1_048_576
const refusedWith = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const pdf = (inCatalog: string, ...more: string[]) =>
  writePdf([
    `<</Type/Catalog/Pages 2 0 R${inCatalog}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
    ...more,
  ])
const embedding = (specification: string) => `/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec${specification}>>]>>>>`

test('a picture is drawn anew: where it was taken and by what stays behind', async () => {
  const original = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#285C4D' } })
    .withExif({ IFD0: { Copyright: 'SECRETO' }, IFD3: { GPSLatitude: '19/1 25/1 0/1' } })
    .jpeg()
    .toBuffer()
  assert.ok(original.includes('SECRETO'))
  const { type, bytes } = await checkFile(original, LARGEST)
  assert.equal(type, 'image/jpeg')
  assert.ok(!bytes.includes('SECRETO'))
  assert.equal((await sharp(bytes).metadata()).exif, undefined)
})

test('a type is what is inside, whatever the name', async () => {
  assert.equal((await checkFile(samplePdf('x'), LARGEST)).type, 'application/pdf')
  await assert.rejects(checkFile(Buffer.from('MZ\x90\x00 a program'), LARGEST), refusedWith('file-type'))
  await assert.rejects(
    checkFile(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), LARGEST),
    refusedWith('file-type'),
  )
  await assert.rejects(checkFile(Buffer.alloc(0), LARGEST), refusedWith('file-empty'))
  await assert.rejects(checkFile(Buffer.alloc(LARGEST + 1), LARGEST), refusedWith('file-too-large'))
})

test('a PDF that would do something by itself is refused', async () => {
  for (const part of [
    '/OpenAction<</S/JavaScript/JS(app.alert(1))>>',
    '/OpenAction<</S/Launch/F(cmd.exe)>>',
    '/AcroForm<</XFA[]>>',
    '/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.exe)/EF<<>>>>]>>>>',
  ])
    await assert.rejects(checkFile(pdf(part), LARGEST), refusedWith('file-active'), part)
  assert.equal((await checkFile(pdf('/Lang(es)'), LARGEST)).type, 'application/pdf')
})

test('hidden behind references, in packed objects, under another name or in a link, it is found all the same', async () => {
  const streamOf = (content: string, more = '') => `<<${more}/Length ${content.length}>>\nstream\n${content}\nendstream`
  const hidden: Record<string, Buffer> = {
    'an action whose kind is an object of its own': pdf('/OpenAction 4 0 R', '<</S 5 0 R/F(cmd.exe)>>', '/Launch'),
    'a script in an object stream': packed('<</S/JavaScript/JS(app.alert(1))>>'),
    'a launch in an object stream': packed('<</S/Launch/F(cmd.exe)>>'),
    'a name in hexadecimal': pdf('/OpenAction<</S/La#75nch/F(cmd.exe)>>'),
    'ends that a system does not see': pdf(embedding('/F(a.exe. )/EF<<>>')),
    'one harmless name of two': pdf(embedding('/UF(a.pdf)/F(a.exe)/EF<<>>')),
    'a name that is an object of its own': pdf(embedding('/UF 4 0 R/EF<<>>'), '(a.exe)'),
    'a program named like a picture': pdf(embedding('/UF(a.jpg)/EF<</F 4 0 R>>'), streamOf('MZ\x90\x00ab')),
    'packed so that it is not looked into': pdf(
      embedding('/UF(a.txt)/EF<</F 4 0 R>>'),
      streamOf('x', '/Filter/LZWDecode'),
    ),
    'a link that runs': pdf('/OpenAction<</S/URI/URI(JavaScript:alert(1))>>'),
  }
  for (const [what, bytes] of Object.entries(hidden))
    await assert.rejects(checkFile(bytes, LARGEST), refusedWith('file-active'), what)
  const harmless: Record<string, Buffer> = {
    'a place in an object stream': packed('<</S/GoTo/D[3 0 R/Fit]>>'),
    'a table inside': pdf(embedding('/UF(tabla.csv)/EF<</F 4 0 R>>'), streamOf('a,b')),
    'a link': pdf('/OpenAction<</S/URI/URI(https://example.mx/file:x)>>'),
  }
  for (const [what, bytes] of Object.entries(harmless))
    assert.equal((await checkFile(bytes, LARGEST)).type, 'application/pdf', what)
})

test('one file that is two is refused: another in front, another behind', async () => {
  const whole = samplePdf('x')
  for (const front of ['MZ\x90\x00', '<html><script>1</script>', '\xff\xd8\xff\xe0 '])
    await assert.rejects(
      checkFile(Buffer.concat([Buffer.from(front, 'latin1'), whole]), LARGEST),
      refusedWith('file-broken'),
    )
  await assert.rejects(
    checkFile(Buffer.concat([whole, Buffer.from('PK\x03\x04')]), LARGEST),
    refusedWith('file-broken'),
  )
  assert.equal((await checkFile(Buffer.concat([whole, Buffer.from('\r\n\0')]), LARGEST)).type, 'application/pdf')
})

test('a picture that would unpack to more than a screen wall is refused before it is unpacked, and says why', async () => {
  const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'white' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  assert.ok(bomb.length < LARGEST)
  await assert.rejects(checkFile(bomb, LARGEST), refusedWith('file-too-many-pixels'))
})

test('a name is a label: no folder, nothing that turns letters, and it ends by what the file is', () => {
  const names: Array<[typed: string, shown: string]> = [
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\Users\\ana\\Acta.PDF', 'Acta.PDF'],
    ['foto\u202Efdp.exe', 'fotofdp.exe.pdf'],
    ['...', 'archivo.pdf'],
    ['', 'archivo.pdf'],
    ['Ñandú ácido & «uno» <b>.pdf', 'Ñandú ácido & «uno» b.pdf'],
    [`${'ñ'.repeat(300)}.pdf`, `${'ñ'.repeat(96)}.pdf`],
    [`${'😀'.repeat(300)}.pdf`, `${'😀'.repeat(96)}.pdf`],
  ]
  for (const [typed, shown] of names) assert.equal(cleanName(typed, 'application/pdf'), shown)
  assert.equal(cleanName('acta.pdf', 'image/png'), 'acta.pdf.png')
  assert.equal(cleanName('FOTO.JPEG', 'image/jpeg'), 'FOTO.JPEG')
})

/** A file whose action (object 5) stands packed in an object stream, and whose table is a stream too. */
function packed(action: string): Buffer {
  const plain = pdf('/OpenAction 5 0 R').toString('latin1')
  const head = plain.slice(0, plain.indexOf('xref'))
  const content = deflateSync(`5 0 ${action}`).toString('latin1')
  const pack = `4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length ${content.length}>>\nstream\n${content}\nendstream\nendobj\n`
  const rows = [1, 2, 3].map((number) => [1, head.indexOf(`${number} 0 obj`), 0])
  const at = head.length + pack.length
  const table = [[0, 0, 255], ...rows, [1, head.length, 0], [2, 4, 0], [1, at, 0]]
  const data = Buffer.concat(
    table.map(([kind = 0, place = 0, index = 0]) => Buffer.of(kind, place >> 8, place & 255, index)),
  )
  const end = `6 0 obj\n<</Type/XRef/Size 7/Root 1 0 R/W[1 2 1]/Length ${data.length}>>\nstream\n${data.toString('latin1')}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`
  return Buffer.from(head + pack + end, 'latin1')
}

test('cut and changed files are refused or read, and never a fault', async () => {
  const png = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#9D2449' } })
    .png()
    .toBuffer()
  for (const whole of [samplePdf('x'), png])
    for (let i = 0; i < 60; i += 1) {
      const broken = Buffer.from(whole.subarray(0, i % 2 ? whole.length : Math.floor((whole.length * i) / 60)))
      if (broken.length > 0) broken[(i * 31) % broken.length]! ^= 0x41
      await checkFile(broken, LARGEST).catch((error) => assert.ok(error instanceof Refusal, String(error)))
    }
})
