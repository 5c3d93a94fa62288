import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { apply } from '../../bin/client/apply.ts'
import { type OpenedEfirma, openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { issue } from '../support/pki.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { addObjects, basePdf, signDigest, signPdf, stream } from '../support/signed-pdf.ts'
import { samplePdf } from '../support/typst.ts'

const cli = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

/** What a browser keeps between two pages. */
function openBrowser(url: string, cookies: Record<string, string> = {}) {
  const jar = new Map(Object.entries(cookies))
  const send = async (path: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } })
    for (const each of response.headers.getSetCookie()) jar.set(...(each.split(';')[0]!.split('=') as [string, string]))
    return { status: response.status, text: await response.text() }
  }
  const token = async (path: string) => /name="csrf" value="([^"]+)"/.exec((await send(path)).text)![1]!
  return { send, token }
}

describe('documents of a running shop, changed', () => {
  let shop: TestShop
  let receipt: Buffer
  before(async () => {
    shop = await startShop()
    const { citizen, efirma, whoami } = await enter('guadalupe')
    const out = join(shop.dataDir, 'out')
    const application = { service: 'cofepris-denuncia-sanitaria', data: undefined, attach: [], consent: true }
    const { receipt: file } = await apply({ shop: citizen, efirma, whoami }, { ...application, email: undefined, out })
    receipt = await readFile(file!)
  })
  after(() => shop?.stop())

  async function enter(id: string) {
    const { cer, key, passwordFile } = shop.person(id)
    const efirma = await openEfirma({ cer, key, passwordFile })
    const citizen = openShopClient(shop.url)
    return { citizen, efirma, whoami: await signIn(citizen, efirma) }
  }

  /** What the page says, as its title, and what the command line says of the same bytes. */
  async function ask(bytes: Buffer): Promise<{ title: string; verdict: string; exit: number }> {
    const browser = openBrowser(shop.url)
    const body = new FormData()
    body.set('csrf', await browser.token('/verificar'))
    body.set('archivo', new Blob([Uint8Array.from(bytes)]), 'a.pdf')
    const { text } = await browser.send('/verificar', { method: 'POST', body })
    const file = join(shop.dataDir, 'asked.pdf')
    await writeFile(file, bytes)
    const env = { ...process.env, DATA_DIR: shop.dataDir }
    const { exit, out } = await new Promise<{ exit: number; out: string }>((resolve) =>
      execFile(cli, ['verify', file, '--json'], { env }, (error, stdout) =>
        resolve({ exit: error ? Number(error.code) : 0, out: stdout }),
      ),
    )
    return { title: /<h1[^>]*>([^<]*)/.exec(text)![1]!, verdict: JSON.parse(out).verdict, exit }
  }

  test('the receipt is authentic, here and offline', async () => {
    assert.deepEqual(await ask(receipt), {
      title: 'El documento es auténtico y está completo',
      verdict: 'sound',
      exit: 0,
    })
  })

  test('a byte, a page’s words, an update that changes nothing, a stranger’s signature, none: page and command agree', async () => {
    const text = receipt.toString('latin1')
    const at = (found: number) => {
      assert.ok(found > 0)
      const changed = Buffer.from(receipt)
      changed[found] = changed[found]! ^ 1
      return changed
    }
    const numberOf = (key: string) => Number(new RegExp(`/${key} (\\d+) 0 R`).exec(text)![1])
    const [root, info] = [numberOf('Root'), numberOf('Info')]
    const trailer = `/Size 999 /Root ${root} 0 R /Info ${info} 0 R`
    const update = (objects: Record<number, string>) => addObjects(receipt, objects, { trailer })
    const from = text.lastIndexOf(`\n${root} 0 obj\n`) + `\n${root} 0 obj\n`.length
    const catalog = text.slice(from, text.indexOf('\nendobj', from))
    const altered: Array<[string, Buffer]> = [
      ['words', at(text.indexOf('/FontFile') + 3)],
      ['the signature', at(text.lastIndexOf('/Contents <') + 200)],
      ['metadata', at(text.indexOf('<dc:title>') + 40)],
      ['a byte more', Buffer.concat([receipt, Buffer.from('\n')])],
      ['nothing, as an update', update({})],
      ['a signature that no form names', Buffer.from(text.replace('/AcroForm', '/AcroNone'), 'latin1')],
      ['a script', update({ [root]: catalog.replace(/>>$/, '/OpenAction << /S /JavaScript /JS (1) >> >>') })],
      ['a version', update({ [root]: catalog.replace(/>>$/, '/Version /1.9 >>') })],
    ]
    for (const [name, bytes] of altered) {
      const { title, verdict, exit } = await ask(bytes)
      assert.deepEqual([title, verdict, exit], ['El documento fue cambiado', 'altered', 1], name)
    }
    const byStranger = await ask(signPdf(receipt, issue({ subject: 'nobody' }), 'another'))
    assert.deepEqual([byStranger.verdict, byStranger.exit], ['untrusted', 3])
    const unsigned = await ask(samplePdf())
    assert.deepEqual([unsigned.title, unsigned.exit], ['El documento no está firmado', 1])
  })

  test('whoever has an e.firma cannot make a receipt of the shop, nor a decision that it knows', async () => {
    const { efirma } = await enter('guadalupe')
    const forged = (data: object) => signAs(efirma, data)
    const asReceipt = await ask(forged({ format: 'ventanilla receipt 1', folio: '26-AAAA-BBBB-CC' }))
    assert.deepEqual(asReceipt, {
      title: 'Dice ser de esta ventanilla, pero no lleva su sello',
      verdict: 'unsealed',
      exit: 1,
    })
    const asDecision = await ask(forged({ format: 'ventanilla decision 1', outcome: 'granted' }))
    assert.equal(asDecision.title, 'La firma es válida, pero el documento no es de esta ventanilla')
  })

  test('twenty at once, with several prepared documents of one draft: one folio', async () => {
    const { citizen, efirma } = await enter('tomas')
    const service = 'cofepris-denuncia-sanitaria'
    const { id } = await citizen.post<{ id: string }>('/api/v1/drafts', { serviceId: service })
    const { example } = await citizen.get<{ example: object }>(`/api/v1/services/${service}`)
    const path = `/api/v1/drafts/${id}`
    await citizen.put(path, { data: example })
    const prepare = () => citizen.post<Prepared>(`${path}/prepare`, { consent: true })
    const prepared = [await prepare(), await prepare(), await prepare()]
    const signatures = prepared.map((each) => signPrepared(efirma, each, () => true))
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, i) => citizen.post<{ folio: string }>(`${path}/signature`, signatures[i % 3])),
    )
    assert.equal(new Set(sent.map(({ folio }) => folio)).size, 1)
  })

  test('no form of another site serves a notice: without the token, in whatever coat', async () => {
    const { citizen } = await enter('guadalupe')
    const browser = openBrowser(shop.url, { sesion: citizen.token! })
    await browser.token('/cuenta')
    const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    const coats: Array<[type: string, body: string, status: number]> = [
      ['multipart/form-data; boundary=x', part, 415],
      ['application/x-www-form-urlencoded', 'a=b', 403],
      ['text/plain', 'a=b', 400],
      ['application/json', '{"a":"b"}', 403],
    ]
    for (const [type, body, status] of coats)
      for (const path of ['/buzon/consultar', '/salir-de-todo', '/solicitar/cofepris-denuncia-sanitaria']) {
        const answer = await browser.send(path, { method: 'POST', headers: { 'content-type': type }, body })
        assert.equal(answer.status, status, `${path} ${type}`)
      }
  })
})

function signAs(efirma: OpenedEfirma, data: object): Buffer {
  const pdf = basePdf({
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(data.json) 5 0 R] >> >> /AcroForm 7 0 R >>',
    5: '<< /Type /Filespec /F (data.json) /UF (data.json) /EF << /F 6 0 R >> >>',
    6: stream('/Type /EmbeddedFile', JSON.stringify(data)),
  })
  const signingTime = new Date()
  const prepared = prepareSignature(pdf, { fieldName: 'citizen', signingTime, contentsSize: 4000 })
  const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
  const parts = signDigest(digest, parseCertificate(efirma.certificate), (bytes) => efirma.sign(bytes))
  return insertSignature(prepared.pdf, prepared.byteRange, writeSignedData({ signers: [parts] }))
}
