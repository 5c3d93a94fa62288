import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn as signInByProgram } from '../../bin/client/sign-in.ts'
import { readEmbeddedFiles } from '../../src/trust/pdf/embedded-files.ts'
import { newContext, openBrowser } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { arrive, go, sign as signByHand, signIn, type Walker } from './steps.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

interface CaseShown {
  folio: string
  status: string
  notices: { electronic: boolean }
  requests: Array<{ asked: string | null; answerTerm: { due: string; days: string[]; calendarVersion: string } | null }>
  looks: Array<{ name: string; purpose: string }>
  history: Array<{ act: string; facts: Record<string, string> }>
  documents: Array<{ id: string; kind: string }>
}
interface NoticeShown {
  id: string
  kind: string
  folio: string
}

/** A Monday without days off for two weeks. */
const START = '2027-04-05T16:00:00Z'

describe('the law of a case, clause by clause', () => {
  let shop: TestShop
  let browser: Browser
  before(async () => {
    shop = await startShop({ DEMO_CLOCK: START })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
  })

  const enter = async (id: string) => {
    const { cer, key, passwordFile } = shop.person(id)
    const efirma = await openEfirma({ cer, key, passwordFile })
    const client = openShopClient(shop.url)
    return { shop: client, efirma, whoami: await signInByProgram(client, efirma) }
  }
  type Person = Awaited<ReturnType<typeof enter>>
  const ask = async (person: Person, service: string, consent = true) =>
    (
      await apply(person, {
        service,
        data: undefined,
        attach: [],
        consent,
        email: undefined,
        out: join(shop.dataDir, 'out'),
      })
    ).folio
  const read = ({ shop: client }: Person, folio: string) => client.get<CaseShown>(`/api/v1/cases/${folio}`)
  /** The same shop, started again with its clock further on. */
  const at = async (clock: string) => {
    await shop.halt()
    shop = await startShop({ DATA_DIR: shop.dataDir, DEMO_CLOCK: clock })
  }
  const advance = (days: number) => run(ventanilla, ['demo', 'advance', `${days}d`, '--server', shop.url])
  const sign = async ({ shop: client, efirma }: Person, path: string, body: object = {}) =>
    client.post(
      `${path}/signature`,
      signPrepared(efirma, await client.post<Prepared>(`${path}/prepare`, body), () => true),
    )
  const asks = { asked: 'Falta el nombre del local donde compró.' }
  const until = async (person: Person, folio: string, status: string) => {
    for (let i = 0; i < 60 && (await read(person, folio)).status !== status; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal((await read(person, folio)).status, status)
  }
  const dataIn = (pdf: Buffer) =>
    JSON.parse(Buffer.from(readEmbeddedFiles(pdf).find(({ name }) => name === 'data.json')!.bytes).toString('utf8'))
  const walkerOf = async (name: string, options: Parameters<typeof newContext>[1] = {}): Promise<Walker> => {
    const page = await (await newContext(browser, options)).newPage()
    page.setDefaultTimeout(20_000)
    return { page, shop, name }
  }
  const openCase = async ({ page }: Walker, folio: string) => {
    await page.goto(`${shop.url}/oficina/${folio}`)
    await page.check('#motivo')
    await page.locator('main form button').click()
    await page.waitForURL(/expediente/)
  }

  test('LFPA 17-A: prepared within the first third and signed after it, a request does not bind any more', async () => {
    const person = await enter('tomas')
    const folio = await ask(person, 'cofepris-aviso-funcionamiento')
    // Ten days from Tuesday 6 April: the third ends on the fourth, Friday the 9th, at midnight.
    await at('2027-04-10T05:50:00Z')
    const path = `/api/v1/office/cases/${folio}/prevention`
    const friday = await enter('cofepris-officer')
    const prepared = await friday.shop.post<Prepared>(`${path}/prepare`, asks)
    assert.equal(dataIn(Buffer.from(prepared.pdf, 'base64')).binding, true, 'still within the first third')
    await at('2027-04-10T06:01:00Z')
    const saturday = await enter('cofepris-officer')
    const signature = signPrepared(saturday.efirma, prepared, () => true)
    await assert.rejects(saturday.shop.post(`${path}/signature`, signature), { code: 'prevention-too-late' })
    assert.equal((await read(await enter('tomas'), folio)).status, 'submitted')
    const voluntary = await saturday.shop.post<Prepared>(`${path}/prepare`, asks)
    assert.equal(dataIn(Buffer.from(voluntary.pdf, 'base64')).binding, false)
    assert.match(await readLooks('tomas', folio), /prevenir/)
    await at('2027-04-12T16:00:00Z')
  })

  /** The page of the case says who looked and what for. */
  async function readLooks(id: string, folio: string): Promise<string> {
    const walker = await walkerOf(`looks-${id}`)
    await signIn(walker, id)
    await go(walker, `/solicitudes/${folio}`, 'case')
    return (await walker.page.locator('main').textContent()) ?? ''
  }

  test('LFPA 17-A: dismissed on the day after the last one, which the document names; an answer comes too late', async () => {
    const person = await enter('lucia')
    const folio = await ask(person, 'cofepris-denuncia-sanitaria')
    const officer = await enter('cofepris-officer')
    await sign(officer, `/api/v1/office/cases/${folio}/prevention`, asks)
    await assert.rejects(sign(officer, `/api/v1/office/cases/${folio}/prevention`, asks), { code: 'not-allowed-now' })
    await person.shop.get('/api/v1/notices?consult=true')
    const answer = `/api/v1/cases/${folio}/answer`
    const prepared = await person.shop.post<Prepared>(`${answer}/prepare`, {
      answer: 'Fue en la tienda de la esquina.',
    })
    let request = (await read(person, folio)).requests[0]!
    for (let i = 0; i < 40 && !request.answerTerm; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      request = (await read(person, folio)).requests[0]!
    }
    assert.equal(request.asked, null, 'consulted, but not signed for')
    assert.deepEqual(
      request.answerTerm?.days,
      ['13', '14', '15', '16', '19'].map((day) => `2027-04-${day}`),
    )
    assert.ok(request.answerTerm?.calendarVersion)
    assert.ok((await read(person, folio)).looks.some(({ purpose }) => purpose === 'prevenir'))
    await advance(12)
    const later = await enter('lucia')
    const record = await read(later, folio)
    assert.equal(record.status, 'dismissed')
    const served = (await later.shop.get<{ items: NoticeShown[] }>('/api/v1/notices?consult=true')).items
    const notice = served.find((each) => each.folio === folio && each.kind === 'dismissal')!
    await sign(later, `/api/v1/notices/${notice.id}`)
    const dismissal = dataIn(await later.shop.download(`/api/v1/notices/${notice.id}/act`))
    const waiting = served.find((each) => each.folio === folio && each.kind === 'prevention')
    assert.ok(waiting)
    // Consulted on Monday 12 April: five business days end on Monday 19.
    assert.equal(dismissal.due, '2027-04-19')
    await assert.rejects(
      later.shop.post(
        `${answer}/signature`,
        signPrepared(later.efirma, prepared, () => true),
      ),
      (error: { code?: string }) => /^(not-allowed-now|preparation-)/.test(error.code ?? ''),
    )
    await assert.rejects(later.shop.post(`${answer}/prepare`, { answer: 'Fue ahí.' }), { code: 'not-allowed-now' })
    const acts = (await read(later, folio)).history.map(({ act }) => act)
    assert.ok(!acts.includes('prevention-answered'))
  })

  test('LFEA 11: consent is taken back for what comes later; what comes is handed over, and runs from then (LFPA 35, 38)', async () => {
    const person = await enter('inaki')
    const folio = await ask(person, 'cofepris-denuncia-sanitaria')
    await person.shop.post(`/api/v1/cases/${folio}/consent-withdrawal`, {})
    assert.equal((await read(person, folio)).notices.electronic, false)
    await assert.rejects(person.shop.post(`/api/v1/cases/${folio}/consent-withdrawal`, {}), { code: 'not-allowed-now' })
    const officer = await walkerOf('by-hand')
    await signIn(officer, 'cofepris-officer')
    await openCase(officer, folio)
    await officer.page.getByText('Pedir lo que falta').click()
    await officer.page.fill('#falta', asks.asked)
    await officer.page.locator('form[action$="/prevencion"] button').click()
    await officer.page.waitForURL(/firmar/)
    await signByHand(officer, 'cofepris-officer', 'waiting')
    const walker = await walkerOf('in-person', { narrow: true })
    await signIn(walker, 'inaki')
    await go(walker, `/solicitudes/${folio}`, 'not-yet')
    assert.match((await walker.page.locator('main').textContent())!, /en persona: desde que la reciba/)
    assert.equal(await walker.page.locator('#respuesta').count(), 0)
    await officer.page.locator('form[action$="/entregado"] button').click()
    await officer.page.waitForLoadState('load')
    await arrive(officer, 'handed-over')
    await go(walker, `/solicitudes/${folio}`, 'handed-over')
    const text = (await walker.page.locator('main').textContent())!
    assert.match(text, /Responda a más tardar el/)
    assert.equal(await walker.page.locator('#respuesta').count(), 1)
    const handed = (await read(person, folio)).history.find(({ act }) => act === 'notified-in-person')!
    assert.equal(handed.facts.rule, 'mx-lfpa-35')
    await advance(10)
    assert.equal((await read(await enter('inaki'), folio)).status, 'dismissed')
  })

  test('LFEA 11-III: who was kept out says so within three business days; it is handed over, and the days run from then', async () => {
    const person = await enter('tomas')
    const folio = await ask(person, 'cofepris-denuncia-sanitaria')
    const officer = await enter('cofepris-officer')
    await sign(officer, `/api/v1/office/cases/${folio}/prevention`, asks)
    const lapsed = async (client: Person) =>
      (
        await client.shop.get<{ items: Array<NoticeShown & { servedBy: string | null }> }>(
          '/api/v1/notices?consult=true',
        )
      ).items.find((each) => each.folio === folio)!
    // Nobody consults: day by day until the checkpoint has passed.
    for (let day = 0; day < 20 && !(await read(await enter('tomas'), folio)).requests[0]!.answerTerm; day += 1)
      await advance(1)
    const later = await enter('tomas')
    const notice = await lapsed(later)
    assert.equal(notice.servedBy, 'lapse')
    const walker = await walkerOf('kept-out', { narrow: true })
    await signIn(walker, 'tomas')
    await go(walker, `/buzon/${notice.id}`, 'lapsed')
    await walker.page.getByText('No pude entrar a mi buzón').click()
    await walker.page.locator('form[action$="/impedimento"] button').click()
    await walker.page.waitForLoadState('load')
    await arrive(walker, 'reported')
    await later.shop.post(`/api/v1/notices/${notice.id}/fault-report`, {})
    for (let i = 0; i < 40 && (await read(later, folio)).requests[0]!.answerTerm; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal((await read(later, folio)).requests[0]!.answerTerm, null)
    await advance(8)
    assert.equal((await read(await enter('tomas'), folio)).status, 'waiting', 'no days run before it is handed over')
    const tasks = await walkerOf('kept-out-officer')
    await signIn(tasks, 'cofepris-officer')
    await openCase(tasks, folio)
    await tasks.page.locator('form[action$="/entregado"] button').click()
    await tasks.page.waitForLoadState('load')
    const acts = (await read(await enter('tomas'), folio)).history.map(({ act }) => act)
    assert.ok(acts.includes('kept-out-reported') && acts.includes('notified-in-person'))
    await advance(10)
    assert.equal((await read(await enter('tomas'), folio)).status, 'dismissed')
  })

  test('LFEA 11-II: the mailbox’s list is not shown to a program that does not say that it consults it', async () => {
    const person = await enter('guadalupe')
    const folio = await ask(person, 'segob-constancia-curp')
    await until(person, folio, 'granted')
    const before = (await person.shop.get<{ items: NoticeShown[] }>('/api/v1/notices?consult=true')).items
    assert.ok(before.some((each) => each.folio === folio))
    const other = await ask(person, 'segob-constancia-curp')
    await until(person, other, 'granted')
    await assert.rejects(person.shop.get('/api/v1/notices'), { code: 'consult-needed' })
  })

  test('LFPA 3: what a rule decided, a human reviews when asked, once; the rule’s decision stands until theirs', async () => {
    const person = await enter('guadalupe')
    const folio = await ask(person, 'segob-constancia-curp')
    await until(person, folio, 'granted')
    const walker = await walkerOf('review', { language: 'en', narrow: true })
    await signIn(walker, 'guadalupe')
    await go(walker, `/solicitudes/${folio}`, 'granted')
    await walker.page.getByText('Ask for a person to review it').click()
    await walker.page.locator('form[action$="/revision"] button').click()
    await walker.page.waitForLoadState('load')
    await arrive(walker, 'asked')
    assert.equal((await read(person, folio)).status, 'in-review')
    await assert.rejects(person.shop.post(`/api/v1/cases/${folio}/review`, {}), { code: 'not-allowed-now' })
    await advance(150)
    const later = await enter('guadalupe')
    assert.equal((await read(later, folio)).status, 'in-review', 'no silence follows: there is an answer')
    const { cer } = shop.person('cofepris-signer')
    await run(ventanilla, ['admin', 'grant', '--cer', cer, '--role', 'signer', '--institution', 'segob'], {
      env: { ...process.env, DATA_DIR: shop.dataDir },
    })
    const signer = await enter('cofepris-signer')
    const path = `/api/v1/office/cases/${folio}/decision`
    await signer.shop.put(path, {
      outcome: 'granted',
      reasons: 'Revisada por una persona, la constancia corresponde a los datos del registro.',
      substitution: 'En suplencia por ausencia de la Directora, artículo 50 del Reglamento Interior.',
    })
    const prepared = await signer.shop.post<Prepared>(`${path}/prepare`, {})
    const data = dataIn(Buffer.from(prepared.pdf, 'base64')) as { signer: { substitution: string } }
    assert.match(data.signer.substitution, /suplencia/)
    await signer.shop.post(
      `${path}/signature`,
      signPrepared(signer.efirma, prepared, () => true),
    )
    assert.equal((await read(later, folio)).status, 'granted')
    assert.equal((await read(later, folio)).history.filter(({ act }) => /decided|decision-signed/.test(act)).length, 2)
  })

  test('LFPA 21: nobody asks, drafts or signs in a declared relative’s case', async () => {
    const person = await enter('lucia')
    const folio = await ask(person, 'cofepris-aviso-funcionamiento')
    const walker = await walkerOf('relatives', { narrow: true })
    await signIn(walker, 'cofepris-signer')
    await go(walker, '/oficina/familiares', 'none')
    await walker.page.fill('#curp', 'PEPE')
    await walker.page.locator('main form button').click()
    await walker.page.waitForLoadState('load')
    await arrive(walker, 'fault')
    await walker.page.fill('#curp', person.whoami.curp!)
    await walker.page.locator('main form button').click()
    await walker.page.waitForLoadState('load')
    await arrive(walker, 'declared')
    const signer = await enter('cofepris-signer')
    const path = `/api/v1/office/cases/${folio}`
    const decision = { outcome: 'granted', reasons: 'El aviso está completo y procede registrarlo.' }
    await assert.rejects(signer.shop.put(`${path}/decision`, decision), { code: 'own-case' })
    await assert.rejects(signer.shop.post(`${path}/prevention/prepare`, asks), { code: 'own-case' })
  })

  test('nothing of a case is shown before its purpose is on record, not even beside an error', async () => {
    const person = await enter('tomas')
    const folio = await ask(person, 'cofepris-aviso-funcionamiento')
    const walker = await walkerOf('purpose')
    await signIn(walker, 'cofepris-officer')
    await openCase(walker, folio)
    const form = await walker.page.locator('form[action$="/consulta"]').first().getAttribute('action')
    const token = await walker.page.locator('form[action$="/consulta"] input[type="hidden"]').first()
    const [name, value] = [await token.getAttribute('name'), await token.getAttribute('value')]
    const another = await ask(person, 'cofepris-aviso-funcionamiento')
    const response = await walker.page.request.post(shop.url + form!.replace(folio, another), {
      form: { [name!]: value!, pregunta: '' },
      maxRedirects: 0,
    })
    assert.equal(response.status(), 303)
    assert.match(response.headers().location!, new RegExp(`/oficina/${another}$`))
  })

  test('two officers at once: the second sees the other’s draft beside their own words', async () => {
    const person = await enter('tomas')
    const folio = await ask(person, 'cofepris-aviso-funcionamiento')
    const [first, second] = [await walkerOf('first'), await walkerOf('second')]
    for (const [walker, id] of [
      [first, 'cofepris-officer'],
      [second, 'cofepris-signer'],
    ] as const) {
      await signIn(walker, id)
      await openCase(walker, folio)
    }
    await first.page.locator('form[action$="/asignar"] button').first().click()
    await first.page.waitForLoadState('load')
    await second.page.locator('form[action$="/asignar"] button').first().click()
    await second.page.waitForLoadState('load')
    assert.match((await second.page.locator('main').textContent())!, /Alguien más cambió este expediente/)
    await second.page.goto(`${shop.url}/oficina/${folio}/expediente`)
    const draft = async ({ page }: Walker, reasons: string) => {
      await page.locator('input[name="outcome"]').first().check()
      await page.fill('#reasons', reasons)
      await page.locator('form[action$="/resolucion"] button').click()
      await page.waitForLoadState('load')
    }
    await draft(first, 'El aviso cumple lo que pide la ley, según la primera.')
    await draft(second, 'El aviso cumple, según la segunda persona que lo vio.')
    await arrive(second, 'changed')
    const text = (await second.page.locator('main').textContent())!
    assert.match(text, /Alguien más guardó un proyecto/)
    assert.match(text, /según la primera/)
    assert.match(await second.page.inputValue('#reasons'), /según la segunda/)
    await second.page.locator('form[action$="/resolucion"] button').click()
    await second.page.waitForLoadState('load')
    assert.match((await second.page.locator('main').textContent())!, /Proyecto 2/)
  })

  test('what waits for the person is nobody’s delay; what is overdue the supervisor sees by name', async () => {
    const person = await enter('tomas')
    const waiting = await ask(person, 'atdt-desarrollando-talentos')
    const officer = await enter('atdt-officer')
    await sign(officer, `/api/v1/office/cases/${waiting}/prevention`, {
      asked: 'Falta la constancia de créditos de su escuela.',
    })
    const overdue = await ask(person, 'atdt-desarrollando-talentos')
    // Nobody opens it: the person's days only begin with the lapse, and the institution's first term ends before theirs.
    await advance(30)
    const walker = await walkerOf('supervisor', { narrow: true })
    await signIn(walker, 'atdt-supervisor')
    await go(walker, '/oficina/carga', 'load')
    const text = (await walker.page.locator('main').textContent())!
    assert.match(text, new RegExp(overdue))
    assert.doesNotMatch(text, new RegExp(waiting))
  })
})
