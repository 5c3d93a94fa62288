import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { loadCalendars } from '#modules/calendars/index.ts'
import { loadNoticeRules, noticeDates } from '#modules/post-office/index.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { type OpenApi, watchApi } from '../support/described-api.ts'
import { startShop, type TestShop } from '../support/shop.ts'

describe('the API is as its document says', () => {
  let shop: TestShop
  let api: OpenApi
  let watch: ReturnType<typeof watchApi>
  before(async () => {
    shop = await startShop()
    api = (await (await fetch(`${shop.url}/api/openapi.json`)).json()) as OpenApi
    watch = watchApi(api, shop.url)
  })
  after(async () => {
    watch?.end()
    await shop?.stop()
  })
  const enter = async (id: string) => {
    const efirma = await openEfirma(shop.person(id))
    const client = openShopClient(shop.url)
    return { shop: client, efirma, whoami: await signIn(client, efirma) }
  }
  type Person = Awaited<ReturnType<typeof enter>>
  const submit = (person: Person, service: string, email?: string) =>
    apply(person, { service, data: undefined, attach: [], consent: true, email, out: join(shop.dataDir, 'out') })
  const sign = async <T>(person: Person, path: string, body: object = {}): Promise<T> => {
    const prepared = await person.shop.post<Prepared>(`${path}/prepare`, body)
    const signature = signPrepared(person.efirma, prepared, () => true)
    const once = await person.shop.post<T>(`${path}/signature`, signature)
    // Sent again by whoever did not get the answer: done once, answered the same.
    assert.deepEqual(await person.shop.post<T>(`${path}/signature`, signature), once)
    return once
  }
  const raw = (path: string, init?: RequestInit) => fetch(`${shop.url}/api/v1${path}`, init)

  test('the document is valid OpenAPI 3.1 and declares every answer', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(api) as never)
    assert.ok(valid, JSON.stringify(errors))
    assert.match(api.openapi, /^3\.1\./)
    for (const [path, operations] of Object.entries(api.paths))
      for (const [method, { responses }] of Object.entries(operations)) {
        const success = Object.keys(responses).find((code) => code.startsWith('2'))!
        assert.ok(success === '204' || responses[success]?.content, `${method} ${path}`)
        assert.ok(responses.default?.content?.['application/problem+json'], `${method} ${path}`)
      }
  })

  test('the catalogue', async () => {
    const { items } = (await (await raw('/services?limit=100')).json()) as { items: Array<{ id: string }> }
    for (const { id } of items) await raw(`/services/${id}`)
    for (const path of [`/services/${items[0]!.id}/cpsv-ap`, '/catalogue', '/schemas', '/services?q=nacimineto'])
      assert.equal((await raw(path)).status, 200, path)
    assert.deepEqual(watch.differs, [])
  })

  test('an application from end to end, its decision and its notice', async () => {
    const person = await enter('guadalupe')
    const { folio } = await submit(person, 'cofepris-aviso-funcionamiento', 'nueva@correo.example')
    const found = await person.shop.get<{ notices: object }>(`/api/v1/cases/${folio}`)
    assert.deepEqual(found.notices, { electronic: true, email: 'nueva@correo.example', emailConfirmed: false })
    const signer = await enter('cofepris-signer')
    const path = `/api/v1/office/cases/${folio}`
    await signer.shop.get('/api/v1/office/inbox')
    await signer.shop.get(`${path}?purpose=resolver`)
    await signer.shop.post(`${path}/assignment`, {})
    await signer.shop.put(`${path}/decision`, {
      outcome: 'refused',
      reasons: 'No reúne lo que la norma pide para ello.',
    })
    await sign(signer, `${path}/decision`)
    const { items } = await person.shop.get<{ items: Array<{ id: string }> }>('/api/v1/notices?consult=true')
    const notice = `/api/v1/notices/${items[0]!.id}`
    await sign(person, notice)
    await person.shop.get(notice)
    await person.shop.download(`${notice}/act`)
    await person.shop.download(`/api/v1/cases/${folio}/file`)
    await signer.shop.download(`${path}/file`)
    await person.shop.get('/api/v1/cases')
    await person.shop.get('/api/v1/me')
    assert.deepEqual(watch.differs, [])
  })

  test('asked for more, answered, withdrawn; a fee; silence', async () => {
    const person = await enter('inaki')
    const officer = await enter('cofepris-officer')
    const first = await submit(person, 'cofepris-aviso-funcionamiento')
    await officer.shop.post(`/api/v1/office/cases/${first.folio}/assignment`, {})
    await sign(officer, `/api/v1/office/cases/${first.folio}/prevention`, { asked: 'El plano de la planta, legible.' })
    const own = `/api/v1/cases/${first.folio}`
    const plan = { name: 'plano.pdf', type: 'application/octet-stream', bytes: samplePdf('Plano') }
    const sent = await person.shop.upload<{ id: string }>(`${own}/answer/attachments`, plan)
    assert.equal((await person.shop.upload<{ id: string }>(`${own}/answer/attachments`, plan)).id, sent.id)
    await sign(person, `${own}/answer`, { answer: 'Adjunto el plano que se pidió.' })
    await sign(person, `${own}/withdrawal`)
    await submit(person, 'indautor-registro-obra')
    const silent = await submit(person, 'cofepris-aviso-funcionamiento')
    await person.shop.post('/api/v1/demo/clock', { days: 100 })
    const again = await enter('inaki')
    await again.shop.post(`/api/v1/cases/${silent.folio}/tacit-certificate`, {})
    assert.deepEqual(watch.differs, [])
  })

  test('a human’s review, consent withdrawn, kept out of the mailbox', async () => {
    const { folio } = await submit(await enter('teresa'), 'segob-constancia-curp')
    // Nobody consults the board before the decision has lapsed: the person may say why within three business days.
    const calendars = await loadCalendars('packs/mx')
    const rule = (await loadNoticeRules('packs/mx', calendars)).get('mx-lfea-11')!
    const { submittedAt } = await (await enter('teresa')).shop.get<{ submittedAt: string }>(`/api/v1/cases/${folio}`)
    const at = new Date(submittedAt)
    const { servedAt } = noticeDates(rule, calendars.get(rule.calendar)!, { at })
    const days = Math.ceil((servedAt!.getTime() - at.getTime()) / 86_400_000)
    await (await enter('teresa')).shop.post('/api/v1/demo/clock', { days })
    const { items } = await (await enter('teresa')).shop.get<{
      items: Array<{ id: string; folio: string; servedBy: string | null }>
    }>('/api/v1/notices?consult=true')
    const notice = items.find((each) => each.folio === folio)!
    assert.equal(notice.servedBy, 'lapse')
    const person = await enter('teresa')
    await person.shop.post(`/api/v1/notices/${notice.id}/fault-report`, {})
    await person.shop.post(`/api/v1/cases/${folio}/review`, {})
    await person.shop.post(`/api/v1/cases/${folio}/consent-withdrawal`, {})
    assert.deepEqual(watch.differs, [])
  })

  test('drafts, the address, and signing out', async () => {
    const person = await enter('tomas')
    const draft = await person.shop.post<{ id: string }>('/api/v1/drafts', { serviceId: 'segob-constancia-curp' })
    await person.shop.get(`/api/v1/drafts/${draft.id}`)
    const { example } = await person.shop.get<{ example: object }>('/api/v1/services/segob-constancia-curp')
    await person.shop.put(`/api/v1/drafts/${draft.id}`, { data: example })
    const refused = { serviceId: 'segob-constancia-curp', data: { ...example, nada: 1 } }
    await assert.rejects(person.shop.post('/api/v1/drafts', refused))
    const keyed = { serviceId: 'segob-constancia-curp', data: example }
    const filled = await person.shop.post<{ id: string; revision: number }>('/api/v1/drafts', keyed, { key: 'filled' })
    assert.equal(filled.revision, 1)
    assert.deepEqual(await person.shop.post('/api/v1/drafts', keyed, { key: 'filled' }), filled)
    await person.shop.put('/api/v1/me/email', { email: 'tomas@correo.example' })
    const mails = await (await fetch(`${shop.url}/demo/correos`)).text()
    const code = /\b\d{6}\b/.exec(mails)?.[0]
    if (code) await person.shop.post('/api/v1/me/email/confirmation', { code })
    const bearer = { authorization: `Bearer ${person.shop.token}` }
    const { id } = await person.shop.post<{ id: string }>('/api/v1/drafts', { serviceId: 'indautor-registro-obra' })
    const work = { name: 'obra.pdf', type: 'application/octet-stream', bytes: samplePdf('Obra') }
    const file = await person.shop.upload<{ id: string }>(`/api/v1/drafts/${id}/attachments?field=work`, work)
    const attached = async () => {
      const read = await person.shop.get<{ attachments: Array<{ id: string }> }>(`/api/v1/drafts/${id}`)
      return read.attachments.map((each) => each.id)
    }
    assert.deepEqual(await attached(), [file.id])
    const removed = await raw(`/drafts/${id}/attachments/${file.id}`, { method: 'DELETE', headers: bearer })
    assert.equal(removed.status, 204)
    assert.deepEqual(await attached(), [])
    assert.equal((await raw('/sign-in/sessions', { method: 'DELETE', headers: bearer })).status, 204)
    assert.deepEqual(watch.differs, [])
  })

  test('what is refused is a problem with its code', async () => {
    const json = { 'content-type': 'application/json' }
    const person = await enter('lucia')
    const bearer = { authorization: `Bearer ${person.shop.token}` }
    const asked: Array<[path: string, init: RequestInit, status: number]> = [
      ['/me', {}, 401],
      ['/nowhere', {}, 404],
      ['/services/nowhere', {}, 404],
      ['/services?limit=0', {}, 400],
      ['/cases/26-AAAA-AAAA-AA', { headers: bearer }, 404],
      ['/notices', { headers: bearer }, 409],
      ['/office/inbox', { headers: bearer }, 403],
      ['/drafts', { method: 'POST', headers: { ...json, ...bearer }, body: '{"serviceId":1' }, 400],
      ['/sign-in/challenges', { method: 'POST', headers: json, body: '{"account":"NOT AN RFC"}' }, 422],
    ]
    for (const [path, init, status] of asked) {
      const response = await raw(path, init)
      assert.equal(response.status, status, path)
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, path)
      const { code, detail } = (await response.json()) as { code: string; detail: string }
      assert.ok(code && detail, path)
    }
    assert.deepEqual(
      watch.differs.filter((each) => !each.includes('/nowhere')),
      [],
    )
  })

  test('a file is verified, and the report is to be had as a sealed PDF', async () => {
    const send = (path: string, body: Buffer) =>
      raw(path, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'x-file-name': 'a.pdf' },
        body: Uint8Array.from(body),
      })
    const answer = (await (await send('/verifications', samplePdf('prueba'))).json()) as {
      verdict: string
      told: { title: string }
    }
    assert.equal(answer.verdict, 'unsigned')
    assert.equal((await send('/verifications', Buffer.alloc(0))).status, 422)
    const report = await send('/verifications/report', samplePdf('prueba'))
    assert.match(Buffer.from(await report.arrayBuffer()).toString('latin1'), /^%PDF-1\.7/)
    assert.deepEqual(
      watch.differs.filter((each) => each.includes('/verifications')),
      [],
    )
  })

  test('every operation of the document was answered with success', () => {
    // The bank's message is signed with a key that only the demo's bank holds; its page and its route are one use-case.
    const others = watch.operations.filter((each) => !watch.answered.has(each) && !each.endsWith('/payments'))
    assert.deepEqual(others, [])
  })
})
