import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openEfirma } from '../../bin/client/efirma.ts'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { type FormClient, openFormClient } from '../support/form-client.ts'
import { startShop, type TestShop } from '../support/shop.ts'

/** What may happen to a draft while its person is somewhere else: another window, another device, another day. */
describe('a draft', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop()
  })
  after(async () => {
    await shop?.stop()
  })

  const begin = async (client: FormClient, service: string): Promise<string> => {
    await client.get(`/solicitar/${service}`)
    await client.post(`/solicitar/${service}`)
    return client.path.split('/').slice(0, 3).join('/')
  }
  const advance = async (days: number) => {
    const client = openFormClient(shop)
    await client.get('/demo/reloj')
    await client.post('/demo/reloj', { dias: String(days) })
    assert.equal(client.status, 200)
  }
  const address = {
    'address-street': 'Juárez',
    'address-exterior': '1',
    'address-postalCode': '06000',
    'address-settlement': 'Centro',
    'address-municipality': 'Cuauhtémoc',
    'address-state': 'Ciudad de México',
  }

  test('of two windows: what the other answered meanwhile is told, also after a mistake and after a search', async () => {
    const [one, other] = [openFormClient(shop), openFormClient(shop)]
    const draft = await begin(one, 'cofepris-aviso-funcionamiento')
    other.setCookie('visita', one.cookie('visita')!)
    await one.get(`${draft}/staff`)
    await other.get(`${draft}/staff`)
    await other.post(`${draft}/staff`, { staff: '5' })
    await one.post(`${draft}/staff`, { staff: 'muchas' })
    assert.equal(one.status, 422)
    await one.post(`${draft}/staff`, { staff: '9' })
    assert.equal(one.status, 409)
    assert.match(one.html, /La otra<\/dt><dd[^>]*>5</)
    await one.get(`${draft}/address`)
    await other.get(`${draft}/address`)
    await other.post(`${draft}/address`, address)
    await one.post(`${draft}/address`, { ...address, 'address-street': 'Morelos', accion: 'buscar' })
    await one.post(`${draft}/address`, { ...address, 'address-street': 'Morelos' })
    assert.equal(one.status, 409)
  })

  test('sent twice by a double click is one answer: an address, one more of a list, one less, a file', async () => {
    const client = openFormClient(shop)
    const draft = await begin(client, 'cofepris-aviso-funcionamiento')
    const twice = async (path: string, fields: Record<string, string>) => {
      await client.get(path)
      const revision = client.valueOf('revision')!
      await client.post(path, { ...fields, revision })
      const page = client.path
      await client.get(path)
      await client.post(path, { ...fields, revision })
      assert.equal(client.status, 200)
      assert.equal(client.path, page)
    }
    await twice(`${draft}/address`, address)
    const items = () => client.html.match(/value="quitar"/g)?.length ?? 0
    await twice(`${draft}/products`, { accion: 'agregar', 'products-name': 'Miel', 'products-origin': 'national' })
    assert.equal(items(), 1)
    for (const name of ['Café', 'Cacao'])
      await client.post(`${draft}/products`, {
        accion: 'agregar',
        'products-name': name,
        'products-origin': 'national',
      })
    await twice(`${draft}/products`, { accion: 'quitar', quitar: '0' })
    assert.equal(items(), 2)
    assert.match(client.html, /Café.*Cacao/s)
    for (const _ of [1, 2]) {
      await client.get(`${draft}/sketch`)
      await client.attach(`${draft}/sketch`, 'sketch', 'croquis.pdf', samplePdf('Croquis'))
    }
    await client.get(`${draft}/sketch`)
    assert.equal(items(), 1)
  })

  test('of a list: two devices add to it both; never more than may be, never fewer', async () => {
    const client = openFormClient(shop)
    const draft = await begin(client, 'cofepris-aviso-funcionamiento')
    const path = `${draft}/products`
    await client.get(path)
    await client.post(path, { accion: 'seguir' })
    assert.deepEqual(client.errors(), ['Agregue al menos 1'])
    await client.post(path, { accion: 'agregar' })
    assert.deepEqual(client.errors(), ['Nombre del producto: Escriba una respuesta', 'Origen: Elija una opción'])
    const revision = client.valueOf('revision')!
    for (let i = 0; i < 20; i += 1)
      await client.post(path, { accion: 'agregar', 'products-name': `p${i}`, 'products-origin': 'national', revision })
    await client.post(path, { accion: 'agregar', 'products-name': 'uno más', 'products-origin': 'national' })
    assert.deepEqual(client.errors(), ['Agregue a lo más 20'])
  })

  test('a file attached meanwhile on another device stays, and is told', async () => {
    const [one, other] = [openFormClient(shop), openFormClient(shop)]
    const draft = await begin(one, 'indautor-registro-obra')
    other.setCookie('visita', one.cookie('visita')!)
    await one.get(`${draft}/work`)
    await other.get(`${draft}/work`)
    await other.attach(`${draft}/work`, 'work', 'la otra.pdf', samplePdf('otra'))
    await one.attach(`${draft}/work`, 'work', 'esta.pdf', samplePdf('esta'))
    assert.match(one.errors().join(), /«la otra.pdf».*se conservó/)
    await one.attach(`${draft}/work`, 'work', 'esta.pdf', samplePdf('esta'))
    await one.get(`${draft}/work`)
    assert.match(one.html, /esta\.pdf/)
    assert.doesNotMatch(one.html, /la otra\.pdf/)
  })

  test('takes a file or says at its place why not: empty, past the limit, none chosen', async () => {
    const client = openFormClient(shop)
    const path = `${await begin(client, 'indautor-registro-obra')}/work`
    const tries: Array<[name: string, bytes: Buffer, said: RegExp]> = [
      ['a.pdf', Buffer.alloc(0), /vacío/],
      ['a.pdf', Buffer.concat([samplePdf('x'), Buffer.alloc(11 * 1_048_576)]), /más de 10 MB/],
      ['', samplePdf('x'), /Adjunte el archivo/],
    ]
    for (const [name, bytes, said] of tries) {
      await client.get(path)
      await client.attach(path, 'work', name, bytes)
      assert.equal(client.status, 422)
      assert.match(client.errors().join(), said)
      assert.match(client.html, /id="work-error"/)
    }
    await client.attach(path, 'work', 'Ñandú «ácido» & más.pdf', samplePdf('x'))
    await client.get(path)
    assert.match(client.html, /Ñandú «ácido» &amp; más\.pdf/)
  })

  test('lives the seven days it says, however long ago the browser came first; then it is gone, and not adopted', async () => {
    const client = openFormClient(shop)
    await client.get('/tramites/cofepris-denuncia-sanitaria')
    await client.get('/solicitar/cofepris-denuncia-sanitaria')
    const before = client.cookie('visita')
    const draft = await begin(client, 'cofepris-denuncia-sanitaria')
    assert.equal(client.maxAge('visita'), 7 * 86_400, 'the browser is remembered anew from the draft’s first day')
    assert.equal(client.cookie('visita'), before)
    await advance(8)
    for (const path of [draft, `${draft}/about`]) {
      await client.get(path)
      assert.match(client.html, /El borrador venció|No encontramos/, path)
      assert.ok([404, 410].includes(client.status), `${path} ${client.status}`)
    }
    await client.signIn('tomas', draft)
    await client.get(draft)
    assert.ok([404, 410].includes(client.status))
  })

  test('open when its session ended by itself: what was typed waits, and is nobody’s answer until its person goes on', async () => {
    const client = openFormClient(shop)
    await client.signIn('guadalupe')
    const draft = await begin(client, 'indautor-registro-obra')
    const question = `${draft}/synopsis`
    await client.get(question)
    await advance(1)
    await client.post(question, { synopsis: 'Doce cuentos <b>breves</b>' })
    assert.match(client.path, /^\/entrar\?/)
    assert.match(client.html, /Lo que acaba de escribir está guardado/)
    const stranger = openFormClient(shop)
    await stranger.signIn('tomas', question)
    await stranger.get(question)
    assert.equal(stranger.status, 404)
    await client.signIn('guadalupe', question)
    await client.get(question)
    assert.match(client.html, /Todavía no es parte de su borrador/)
    assert.match(client.html, />Doce cuentos &lt;b&gt;breves&lt;\/b&gt;<\/textarea>/)
    await client.get(draft)
    assert.doesNotMatch(client.html, /Doce cuentos/)
    await client.get(question)
    await client.post(question, { synopsis: 'Doce cuentos' })
    await client.get(question)
    assert.doesNotMatch(client.html, /Todavía no es parte/)
    assert.match(client.html, />Doce cuentos<\/textarea>/)
  })

  test('a page opened before signing in gives back what was typed; without a form’s token nothing is kept', async () => {
    const client = openFormClient(shop)
    const draft = await begin(client, 'indautor-registro-obra')
    await client.get(`${draft}/title`)
    const csrf = client.valueOf('csrf')!
    await client.signIn('inaki')
    await client.post(`${draft}/title`, { csrf, title: 'Cuentos del puerto' })
    assert.equal(client.status, 403)
    assert.equal(client.valueOf('title'), 'Cuentos del puerto')
    await client.get(draft)
    assert.doesNotMatch(client.html, /Cuentos del puerto/)
    await client.get(`${draft}/title`)
    await client.post(`${draft}/title`, { title: 'Cuentos del puerto' })
    await client.get(draft)
    assert.match(client.html, /Cuentos del puerto/)
  })

  test('what is prepared is no longer the draft when a file or an objection changed it', async () => {
    const client = openFormClient(shop)
    await client.signIn('lucia')
    const draft = await begin(client, 'indautor-registro-obra')
    const revision = async () => {
      await client.get(`${draft}/title`)
      return Number(client.valueOf('revision'))
    }
    const first = await revision()
    await client.get(`${draft}/work`)
    await client.attach(`${draft}/work`, 'work', 'obra.pdf', samplePdf('Obra'))
    const second = await revision()
    await client.get(draft)
    await client.post(`${draft}/objecion`, { objecion: 'Mi nombre lleva acento' })
    const third = await revision()
    assert.ok(first < second && second < third, `${first} ${second} ${third}`)
    await client.get(draft)
    await client.post(`${draft}/objecion`, { objecion: 'x'.repeat(1001) })
    assert.deepEqual(client.errors(), ['Use a lo más 1000 caracteres'])
  })

  test('of a program and of a page at once: the program that says what it had read is told', async () => {
    const program = openShopClient(shop.url)
    await signIn(program, await openEfirma(shop.person('tomas')))
    const page = openFormClient(shop)
    await page.signIn('tomas')
    const service = 'cofepris-denuncia-sanitaria'
    const { example } = await program.get<{ example: Record<string, unknown> }>(`/api/v1/services/${service}`)
    const { id, revision } = await program.post<{ id: string; revision: number }>('/api/v1/drafts', {
      serviceId: service,
    })
    await page.get(`/borradores/${id}/about`)
    await page.post(`/borradores/${id}/about`, { about: 'other' })
    const put = (body: object) => program.put<{ revision: number }>(`/api/v1/drafts/${id}`, { data: example, ...body })
    await assert.rejects(put({ revision }), (error: { code?: string }) => error.code === 'answers-changed')
    const read = await program.get<{ revision: number }>(`/api/v1/drafts/${id}`)
    assert.ok((await put({ revision: read.revision })).revision > read.revision)
    assert.ok((await put({})).revision > read.revision)
  })

  test('an id that is none is no draft, of anybody', async () => {
    const client = openFormClient(shop)
    await client.signIn('guadalupe')
    for (const path of ['/borradores/abc', '/borradores/%00/x', '/buzon/abc', '/buzon/%00/firmar']) {
      await client.get(path)
      assert.equal(client.status, 404, path)
    }
    assert.equal(shop.log().includes('"fault"'), false)
  })
})
