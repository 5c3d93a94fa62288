import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import { hasPdfTools, pdfsig, qpdfCheck } from '#test/support/pdf-tools.ts'
import { authority, type Holder, issue, revocationList } from '#test/support/pki.ts'
import { addObjects, basePdf, stamper, timestampOverDigest } from '#test/support/signed-pdf.ts'
import { samplePdf } from '#test/support/typst.ts'
import { digestFor, signWith } from '#trust/cms/signature-algorithm.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { completeSignature } from './complete-signature.ts'
import { PdfFile } from './file.ts'
import { prepareSignature, type SignatureField } from './prepare-signature.ts'
import { type PadesRequest, type PadesSources, type PdfSigner, signPdf, signPrepared } from './sign-pdf.ts'
import { verifyPdf } from './verify-pdf.ts'

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const officer = issue({ subject: 'officer', issuer: root })
const clock = stamper(root)
const data: ValidationData = {
  certificates: [root.certificate.der],
  crls: [revocationList({ issuer: root })],
  ocspResponses: [],
}
const sources: PadesSources = {
  timestamp: (digest) => timestampOverDigest(digest, clock),
  validationData: () => data,
}
const signingTime = new Date('2025-06-01T00:00:00Z')

function signerOf({ certificate, key }: Holder, more: Partial<PdfSigner> = {}): PdfSigner {
  const digestAlgorithm = digestFor(certificate.publicKey)
  return { certificate, sign: (bytes) => signWith(key, { digestAlgorithm })(bytes), ...more }
}

const request = (
  fieldName: string,
  holder: Holder,
  level: PadesRequest['level'],
  field: Partial<SignatureField> = {},
): PadesRequest => ({
  field: { fieldName, signingTime, ...field },
  signer: signerOf(holder),
  level,
  sources,
  timestampField: `time-${fieldName}`,
})

const told = (pdf: Buffer) =>
  verifyPdf(pdf).signatures.map(({ sound, modifications, level }) => [sound, modifications, level].join(' '))

/** What others say who read it: the file clean, each signature valid; of time-stamps of the document poppler 22 knows nothing. */
function requireAcceptedByOthers(pdf: Buffer, stamps: readonly number[] = []): void {
  if (!hasPdfTools()) return
  assert.match(qpdfCheck(pdf), /No syntax or stream encoding errors/)
  const expected = verifyPdf(pdf).signatures.map((_, i) =>
    stamps.includes(i) ? 'Signature has not yet been verified.' : 'Signature is Valid.',
  )
  assert.deepEqual(pdfsig(pdf), expected)
}

describe('signing with a key that is elsewhere, level by level', () => {
  for (const [level, expected] of [
    ['B-B', ['true none B-B']],
    ['B-T', ['true none B-T']],
    ['B-LT', ['true allowed B-LT']],
    ['B-LTA', ['true allowed B-LTA', 'true none none']],
  ] as const)
    test(level, async () => {
      const pdf = await signPdf(basePdf(), request('citizen', citizen, level))
      assert.deepEqual(told(pdf), expected)
      requireAcceptedByOthers(pdf, expected.length > 1 ? [1] : [])
    })

  test('several one after another, each lasting, on a document of the shop', async () => {
    let pdf = samplePdf()
    for (const [i, holder] of [citizen, officer, citizen].entries())
      pdf = await signPdf(pdf, request(`signer-${i}`, holder, 'B-LTA'))
    const { signatures } = verifyPdf(pdf)
    assert.deepEqual(told(pdf), [
      ...['true allowed B-LTA', 'true allowed none', 'true allowed B-LTA', 'true allowed none'],
      ...['true allowed B-LTA', 'true none none'],
    ])
    assert.equal(new Set(signatures.map(({ fieldName }) => fieldName)).size, 6)
    requireAcceptedByOthers(pdf, [1, 3, 5])
  })

  for (const [name, key, pss] of [
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, false],
    ['RSA-PSS', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, true],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey, false],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey, false],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey, false],
  ] as const)
    test(`a key of ${name}`, async () => {
      const holder = issue({ subject: name, issuer: root, key })
      const digestAlgorithm = digestFor(holder.certificate.publicKey)
      const signer = signerOf(holder, { pss, sign: (bytes) => signWith(key, { digestAlgorithm, pss })(bytes) })
      const pdf = await signPdf(basePdf(), { ...request('citizen', holder, 'B-T'), signer })
      assert.deepEqual(told(pdf), ['true none B-T'])
    })

  test('what was signed elsewhere and does not hold is not put into the file', async () => {
    const prepared = prepareSignature(basePdf(), { fieldName: 'a', signingTime })
    const parts = await signPrepared(prepared, signerOf(citizen))
    const other = prepareSignature(basePdf(), { fieldName: 'b', signingTime })
    assert.throws(() => completeSignature(other, { signer: parts }), { problem: 'does-not-hold' })
    const forged = { ...parts, signature: sign('sha256', Buffer.from('x'), citizen.key) }
    assert.throws(() => completeSignature(prepared, { signer: forged }), { problem: 'does-not-hold' })
    const token = timestampOverDigest(Buffer.alloc(32), clock)
    assert.throws(() => completeSignature(prepared, { signer: { ...parts, timestampToken: token } }), {
      problem: 'does-not-hold',
    })
    const small = prepareSignature(basePdf(), { fieldName: 'a', signingTime, contentsSize: 100 })
    const fits = await signPrepared(small, signerOf(citizen))
    assert.throws(() => completeSignature(small, { signer: fits }), RangeError)
  })
})

describe('a signature that is seen', () => {
  const rectangle = [20, 100, 180, 140] as const

  test('says who, why and when, in letters that every reader has', async () => {
    const seen = { appearance: { rectangle }, name: 'Ñandú (Łódź) 李', reason: 'Visto\nbueno' }
    const pdf = await signPdf(samplePdf(), request('citizen', citizen, 'B-B', seen))
    assert.deepEqual(told(pdf), ['true none B-B'])
    requireAcceptedByOthers(pdf)
    const text = pdf.toString('latin1')
    assert.ok(
      text.includes(`<${Buffer.from('\u00d1and\u00fa (?\u00f3dz) ?', 'latin1').toString('hex')}>`),
      text.slice(-3000),
    )
    assert.match(text, /\/Rect \[20 100 180 140\]/)
  })

  test('only in a rectangle, on a page that is there', async () => {
    for (const wrong of [
      [0, 0, 0, 0],
      [9, 9, 1, 1],
      [0, 0, Number.NaN, 5],
      [0, 0, 1e9, 5],
      [0, 0, 9999, 5],
      [-20, 10, 60, 40],
    ] as const)
      await assert.rejects(signPdf(basePdf(), request('a', citizen, 'B-B', { appearance: { rectangle: wrong } })), {
        problem: 'rectangle',
      })
    await assert.rejects(signPdf(basePdf(), request('a', citizen, 'B-B', { appearance: { rectangle, page: 2 } })), {
      problem: 'broken',
    })
  })
})

describe('a field that is there', () => {
  const withField = (more: string, extra = {}) =>
    basePdf({
      8: `<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 10 90 60] ${more} >>`,
      ...extra,
    })

  test('is signed in, and not doubled; its look is drawn in its own size', async () => {
    const pdf = await signPdf(withField(''), request('here', citizen, 'B-B', { name: 'Ana' }))
    assert.deepEqual(told(pdf), ['true none B-B'])
    assert.equal(verifyPdf(pdf).signatures[0]?.fieldName, 'here')
    assert.deepEqual(new PdfFile(pdf).dict({ num: 7, gen: 0 })?.get('Fields'), [
      { num: 8, gen: 0 },
      { num: 9, gen: 0 },
    ])
    assert.match(pdf.toString('latin1'), /\/BBox \[0 0 80 50\]/)
    requireAcceptedByOthers(pdf)
    await assert.rejects(signPdf(pdf, request('here', officer, 'B-B')), { problem: 'name-taken' })
    await assert.rejects(signPdf(pdf, request('words', officer, 'B-B')), { problem: 'name-taken' })
    await assert.rejects(signPdf(pdf, request('a.b', officer, 'B-B')), { problem: 'field-name' })
  })

  test('after another signature too', async () => {
    const once = await signPdf(withField(''), request('citizen', citizen, 'B-T'))
    const twice = await signPdf(once, request('here', officer, 'B-T'))
    assert.deepEqual(told(twice), ['true allowed B-T', 'true none B-T'])
    requireAcceptedByOthers(twice)
  })

  test('whose widget is an object of its own', async () => {
    const parted = withField('', {
      8: '<< /FT /Sig /T (here) /Kids [20 0 R] >>',
      20: '<< /Parent 8 0 R /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 10 90 60] >>',
      3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> /Annots [20 0 R 9 0 R] >>',
    })
    const once = await signPdf(parted, request('citizen', citizen, 'B-B'))
    const twice = await signPdf(once, request('here', officer, 'B-B'))
    assert.deepEqual(told(twice), ['true allowed B-B', 'true none B-B'])
    // Poppler looks for the signature in the widget alone.
    if (hasPdfTools()) assert.match(qpdfCheck(twice), /No syntax/)
  })

  test('its lock is signed along, and holds afterwards', async () => {
    const locked = withField('/Lock << /Type /SigFieldLock /Action /Include /Fields [(words)] /P 1 >>')
    const pdf = await signPdf(locked, request('here', citizen, 'B-B'))
    assert.match(
      pdf.toString('latin1'),
      /\/TransformMethod \/FieldMDP .*\/Action \/Include \/Fields \[<776f726473>\] \/P 1/,
    )
    assert.deepEqual(told(pdf), ['true none B-B'])
    requireAcceptedByOthers(pdf)
    await assert.rejects(signPdf(pdf, request('more', officer, 'B-B')), { problem: 'not-permitted' })
  })

  for (const [seed, field, fine] of [
    ['/Ff 2 /SubFilter [/adbe.pkcs7.detached]', {}, false],
    ['/SubFilter [/adbe.pkcs7.detached]', {}, true],
    ['/Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached]', {}, true],
    ['/Ff 64 /DigestMethod [(SHA512)]', {}, false],
    ['/Ff 64 /DigestMethod [(SHA256) (SHA512)]', {}, true],
    ['/Ff 8 /Reasons [(Visto)]', {}, false],
    ['/Ff 8 /Reasons [(Visto)]', { reason: 'Visto' }, true],
    ['/Ff 8 /Reasons [(.)]', { reason: 'Visto' }, false],
    ['/MDP << /P 2 >>', {}, false],
    ['/MDP << /P 2 >>', { certification: 2 }, true],
    ['/MDP << /P 0 >>', { certification: 2 }, false],
    ['/Ff 4 /V 9', {}, false],
    ['/Cert << /Ff 2 /Issuer [(x)] >>', {}, false],
  ] as const)
    test(`asks for ${seed}: ${fine ? 'given' : 'refused'} with ${JSON.stringify(field)}`, async () => {
      const made = signPdf(withField(`/SV << ${seed} >>`), request('here', citizen, 'B-B', field))
      if (fine) assert.deepEqual(told(await made), ['true none B-B'])
      else await assert.rejects(made, { problem: 'seed-value' })
    })
})

describe('a certification', () => {
  const certify = (certification: 1 | 2 | 3, more: Partial<SignatureField> = {}) =>
    signPdf(basePdf(), request('citizen', citizen, 'B-T', { certification, ...more }))

  test('comes first and once', async () => {
    const certified = await certify(2)
    assert.deepEqual(told(certified), ['true none B-T'])
    requireAcceptedByOthers(certified)
    const second = signPdf(certified, request('officer', officer, 'B-B', { certification: 2 }))
    await assert.rejects(second, { problem: 'already-signed' })
    const approved = await signPdf(certified, request('officer', officer, 'B-LTA'))
    assert.deepEqual(told(approved), ['true allowed B-LTA', 'true allowed B-LTA', 'true none none'])
    requireAcceptedByOthers(approved, [2])
  })

  test('that permits nothing lets nobody sign, and still lasts (ISO 32000-2, 12.8.2.2)', async () => {
    const certified = await certify(1)
    await assert.rejects(signPdf(certified, request('officer', officer, 'B-B')), { problem: 'not-permitted' })
    const lasting = await signPdf(basePdf(), request('citizen', citizen, 'B-LTA', { certification: 1 }))
    assert.deepEqual(told(lasting), ['true allowed B-LTA', 'true none none'])
    requireAcceptedByOthers(lasting, [1])
  })

  test('what it permits is judged: filling with 2, not with 1; nothing that a lock holds', async () => {
    const filled = (pdf: Buffer) =>
      addObjects(pdf, {
        9: '<< /FT /Tx /T (words) /V (new) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] >>',
      })
    const tell = async (pdf: Promise<Buffer>) => told(filled(await pdf))
    assert.deepEqual(await tell(certify(1)), ['true suspicious B-T'])
    assert.deepEqual(await tell(certify(2)), ['true allowed B-T'])
    const locked = { lock: { action: 'Include', fields: ['words'] } } as const
    assert.deepEqual(await tell(certify(2, locked)), ['true suspicious B-T'])
    assert.deepEqual(await tell(certify(2, { lock: { action: 'Exclude', fields: ['words'] } })), ['true allowed B-T'])
    assert.deepEqual(await tell(certify(2, { lock: { action: 'All' } })), ['true suspicious B-T'])
    assert.deepEqual(await tell(certify(3, { lock: { action: 'All', permissions: 1 } })), ['true suspicious B-T'])
  })
})
