import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { Refusal } from '#kernel/refusal.ts'
import { samplePdf, writePdf } from '../../../../bin/client/sample-attachment.ts'
import { checkFile } from './check-file.ts'

const LARGEST = 1_048_576
const refusedWith = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const pdf = (inCatalog: string) =>
  writePdf([
    `<</Type/Catalog/Pages 2 0 R${inCatalog}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
  ])

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
