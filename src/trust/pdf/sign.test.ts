import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { samplePdf } from '#test/support/typst.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest, insertSignature } from './byte-range.ts'
import { readEmbeddedFiles } from './embedded-files.ts'
import { prepareSignature } from './prepare-signature.ts'

const samples = new URL('../../../../shared/samples/efirma/sat-test/', import.meta.url).pathname
const name = 'eku9003173c9_2027'
const here = existsSync(join(samples, `${name}.cer`))

function signOnce(pdf: Buffer, field: string, at: string): Buffer {
  const certificate = parseCertificate(readFileSync(join(samples, `${name}.cer`)))
  const key = createPrivateKey({
    key: readFileSync(join(samples, `${name}.key`)),
    format: 'der',
    type: 'pkcs8',
    passphrase: '12345678a',
  })
  const prepared = prepareSignature(pdf, { fieldName: field, name: 'Ñandú & Cía', signingTime: new Date(at) })
  const signedAttributes = signedAttributesFor({
    digest: byteRangeDigest(prepared.pdf, prepared.byteRange),
    certificate,
  })
  const signature = sign('sha256', signedAttributes, key)
  return insertSignature(
    prepared.pdf,
    prepared.byteRange,
    writeSignedData({ signers: [{ certificate, signedAttributes, signature }] }),
  )
}

describe('signing a PDF in two steps', { skip: here ? false : 'the tax service’s test people are not here' }, () => {
  let folder: string
  const pdf = samplePdf()
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ventanilla-sign-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const run = (tool: string, ...args: string[]) =>
    execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const has = (tool: string) => {
    try {
      run('sh', '-c', `command -v ${tool}`)
      return true
    } catch {
      return false
    }
  }

  test('two signatures in a row are both valid to poppler, and the file is whole to qpdf', {
    skip: has('pdfsig') && has('qpdf') ? false : 'pdfsig or qpdf is not here',
  }, () => {
    const once = signOnce(pdf, 'citizen', '2026-11-24T15:00:00Z')
    const twice = signOnce(once, 'officer', '2026-11-25T15:00:00Z')
    assert.ok(twice.subarray(0, once.length).equals(once), 'an incremental update keeps what was signed')
    const file = join(folder, 'twice.pdf')
    writeFileSync(file, twice)
    const said = run('pdfsig', '-nocert', file)
    assert.equal(said.match(/Signature is Valid/g)?.length, 2)
    assert.match(said, /Signature Field Name: citizen/)
    assert.match(said, /ETSI\.CAdES\.detached/)
    assert.match(run('qpdf', '--check', file), /No syntax or stream encoding errors/)
  })

  test('openssl finds the CMS sound over the byte range', () => {
    const prepared = signOnce(pdf, 'citizen', '2026-11-24T15:00:00Z')
    const match = /\/ByteRange \[0 (\d+) (\d+) (\d+)/.exec(prepared.toString('latin1'))!
    const [, end, start, rest] = match.map(Number) as [number, number, number, number]
    const hex = prepared.toString('latin1', end + 1, start - 1)
    const cms = Buffer.from(hex, 'hex')
    writeFileSync(
      join(folder, 'content'),
      Buffer.concat([prepared.subarray(0, end), prepared.subarray(start, start + rest)]),
    )
    writeFileSync(join(folder, 'cms.der'), cms.subarray(0, 4 + cms.readUInt16BE(2)))
    run(
      'openssl',
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      join(folder, 'cms.der'),
      '-content',
      join(folder, 'content'),
      '-noverify',
      '-out',
      join(folder, 'out'),
    )
  })

  test('what is embedded is read back', () => {
    const files = readEmbeddedFiles(signOnce(pdf, 'citizen', '2026-11-24T15:00:00Z'))
    assert.deepEqual(
      files.map(({ name: file, relationship, bytes }) => [file, relationship, bytes.toString()]),
      [['data.json', 'Data', '{"a":1}']],
    )
  })

  test('a signature that does not fit is refused, nothing is cut', () => {
    const prepared = prepareSignature(pdf, { fieldName: 'a', signingTime: new Date(0), contentsSize: 100 })
    assert.throws(() => insertSignature(prepared.pdf, prepared.byteRange, Buffer.alloc(101)), RangeError)
  })
})
