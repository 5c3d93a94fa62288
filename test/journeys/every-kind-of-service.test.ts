import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { startShop, type TestShop } from '../support/shop.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

interface CaseShown {
  folio: string
  status: string
  term: { due: string; days: string[] }
  history: Array<{ act: string; by: string }>
  documents: Array<{ id: string; kind: string }>
}
interface NoticeShown {
  id: string
  kind: string
  folio: string
  status: string
  servedBy: string | null
  servedAt: string | null
  rule: string
}

describe('every kind of service, over the programs’ door', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop()
  })
  after(async () => {
    await shop?.stop()
  })

  const enter = async (id: string) => {
    const { cer, key, passwordFile } = shop.person(id)
    const efirma = await openEfirma({ cer, key, passwordFile })
    const client = openShopClient(shop.url)
    return { shop: client, efirma, whoami: await signIn(client, efirma) }
  }
  type Person = Awaited<ReturnType<typeof enter>>
  const ask = (person: Person, service: string, consent = true) =>
    apply(person, { service, data: undefined, attach: [], consent, email: undefined, out: join(shop.dataDir, service) })
  const read = ({ shop: client }: Person, folio: string) => client.get<CaseShown>(`/api/v1/cases/${folio}`)
  const consult = async ({ shop: client }: Person) =>
    (await client.get<{ items: NoticeShown[] }>('/api/v1/notices?consult=true')).items
  const advance = (days: number) => run(ventanilla, ['demo', 'advance', `${days}d`, '--server', shop.url])
  const until = async <T>(look: () => Promise<T>, is: (value: T) => boolean): Promise<T> => {
    for (let i = 0; ; i += 1) {
      const value = await look()
      if (is(value) || i > 60) return value
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const sign = (person: Person, path: string, body: object = {}) =>
    person.shop.post<Prepared>(`${path}/prepare`, body).then((prepared) =>
      person.shop.post(
        `${path}/signature`,
        signPrepared(person.efirma, prepared, () => true),
      ),
    )

  test('one that resolves by itself from what the State holds: granted, sealed, in the mailbox', async () => {
    const person = await enter('guadalupe')
    const { folio, receipt } = await ask(person, 'segob-constancia-curp')
    assert.ok(receipt)
    const record = await until(
      () => read(person, folio),
      ({ status }) => status === 'granted',
    )
    assert.equal(record.status, 'granted')
    assert.ok(record.history.some(({ act, by }) => act === 'decided-by-rule' && by === 'platform'))
    const [notice] = (await consult(person)).filter((each) => each.folio === folio)
    assert.equal(notice?.rule, 'mx-lfea-11')
    await sign(person, `/api/v1/notices/${notice!.id}`)
    assert.match((await person.shop.download(`/api/v1/notices/${notice!.id}/act`)).toString('latin1', 0, 8), /%PDF/)
  })

  test('one with a fee: nothing is submitted before the bank’s signed message', async () => {
    const person = await enter('inaki')
    const service = 'indautor-registro-obra'
    const draft = await person.shop.post<{ id: string }>('/api/v1/drafts', { serviceId: service })
    const { example } = await person.shop.get<{ example: object }>(`/api/v1/services/${service}`)
    const path = `/api/v1/drafts/${draft.id}`
    await person.shop.put(path, { data: example })
    const missing = person.shop.post(`${path}/prepare`, { consent: true })
    await assert.rejects(missing, (error: { code?: string }) =>
      ['payment-missing', 'invalid'].includes(error.code ?? ''),
    )
    const { folio } = await ask(person, service)
    assert.equal((await read(person, folio)).status, 'submitted')
  })

  test('one for companies: a person is refused with a sentence, a company’s representative is not', async () => {
    const person = await enter('guadalupe')
    await assert.rejects(ask(person, 'cofepris-aviso-publicidad'), { code: 'applicant-kind' })
    const company = await enter('cafe-y-miel')
    assert.equal(company.whoami.actsFor?.rfc, 'C&M150304A93')
    const { folio } = await ask(company, 'cofepris-aviso-publicidad')
    assert.equal((await read(company, folio)).status, 'submitted')
    await assert.rejects(read(person, folio), { code: 'case-unknown' })
  })

  test('LFPA 17-A: asked once for what is missing, the term stands still; unanswered, it is dismissed', async () => {
    const person = await enter('lucia')
    const { folio } = await ask(person, 'atdt-desarrollando-talentos')
    const officer = await enter('atdt-officer')
    await officer.shop.post(`/api/v1/office/cases/${folio}/assignment`, {})
    await sign(officer, `/api/v1/office/cases/${folio}/prevention`, {
      asked: 'Falta la constancia de créditos de su escuela.',
    })
    assert.equal((await read(person, folio)).status, 'waiting')
    await assert.rejects(
      officer.shop.post(`/api/v1/office/cases/${folio}/decision/prepare`, {}),
      (error: { code?: string }) => error.code === 'not-your-case' || error.code === 'decision-not-ready',
    )
    await consult(person)
    await sign(person, `/api/v1/cases/${folio}/answer`, { answer: 'Adjunto la constancia: llevo el 70 por ciento.' })
    const answered = await read(person, folio)
    assert.equal(answered.status, 'in-review')
    const { folio: other } = await ask(person, 'cofepris-denuncia-sanitaria')
    const colleague = await enter('cofepris-officer')
    await sign(colleague, `/api/v1/office/cases/${other}/prevention`, {
      asked: 'Diga el nombre del local donde compró.',
    })
    await consult(person)
    await advance(20)
    assert.equal((await read(await enter('lucia'), other)).status, 'dismissed')
  })

  test('LFPA 57-II: the person withdraws by signing, and the case is closed', async () => {
    const person = await enter('tomas')
    const { folio } = await ask(person, 'cofepris-denuncia-sanitaria')
    await sign(person, `/api/v1/cases/${folio}/withdrawal`)
    assert.equal((await read(person, folio)).status, 'withdrawn')
  })

  test('LFPC 87: when the term ends in silence that grants, the platform issues the certificate by itself', async () => {
    const person = await enter('tomas')
    const { folio } = await ask(person, 'profeco-contrato-adhesion')
    const before = await read(person, folio)
    assert.equal(before.term.days.length, 30)
    await advance(70)
    const later = await enter('tomas')
    const after = await read(later, folio)
    assert.equal(after.status, 'silent-granted')
    const notice = (await consult(later)).find((each) => each.folio === folio)
    assert.equal(notice?.kind, 'tacit-certificate')
  })

  test('LFPA 17: silence that refuses; the person asks for the certificate; a late decision is a decision', async () => {
    const person = await enter('guadalupe')
    const { folio } = await ask(person, 'cofepris-aviso-funcionamiento')
    await advance(40)
    const later = await enter('guadalupe')
    assert.equal((await read(later, folio)).status, 'silent-refused')
    await later.shop.post(`/api/v1/cases/${folio}/tacit-certificate`, {})
    await until(
      () => read(later, folio),
      ({ history }) => history.some(({ act }) => act === 'tacit-certificate-issued'),
    )
    const signer = await enter('cofepris-signer')
    await signer.shop.post(`/api/v1/office/cases/${folio}/assignment`, {})
    await signer.shop.put(`/api/v1/office/cases/${folio}/decision`, {
      outcome: 'granted',
      reasons: 'El aviso cumple; se resuelve fuera de plazo.',
    })
    await sign(signer, `/api/v1/office/cases/${folio}/decision`)
    assert.equal((await read(later, folio)).status, 'granted')
  })

  test('LFEA 11-I: a notice nobody consults is served by lapse, once, and the constancia says so', async () => {
    const person = await enter('inaki')
    const { folio } = await ask(person, 'segob-constancia-curp')
    await until(
      () => read(person, folio),
      ({ status }) => status === 'granted',
    )
    await advance(35)
    const later = await enter('inaki')
    const notice = (await consult(later)).find((each) => each.folio === folio)
    assert.equal(notice?.servedBy, 'lapse')
    assert.match(
      (await later.shop.download(`/api/v1/notices/${notice!.id}/constancia`)).toString('latin1', 0, 8),
      /%PDF/,
    )
  })

  test('LFPA 35: who does not consent gets no electronic notice; the act stays closed until it is handed over', async () => {
    const person = await enter('guadalupe')
    const { folio } = await ask(person, 'segob-constancia-curp', false)
    const record = await until(
      () => read(person, folio),
      ({ status }) => status === 'granted',
    )
    assert.ok(!record.documents.some(({ kind }) => kind === 'decision'))
    assert.ok(!(await consult(person)).some((each) => each.folio === folio))
  })

  test('sending twice gives the same folio', async () => {
    const person = await enter('lucia')
    const draft = await person.shop.post<{ id: string }>('/api/v1/drafts', { serviceId: 'segob-constancia-curp' })
    const path = `/api/v1/drafts/${draft.id}`
    const { example } = await person.shop.get<{ example: object }>('/api/v1/services/segob-constancia-curp')
    await person.shop.put(path, { data: example })
    const prepared = await person.shop.post<Prepared>(`${path}/prepare`, { consent: true })
    const signature = signPrepared(person.efirma, prepared, () => true)
    const send = () => person.shop.post<{ folio: string }>(`${path}/signature`, signature)
    const [first, second] = await Promise.all([send(), send()])
    assert.equal(first.folio, second.folio)
    assert.equal((await send()).folio, first.folio)
  })

  test('a program that sends again what it does not know was received makes one draft', async () => {
    const person = await enter('lucia')
    const begin = (serviceId: string) =>
      person.shop.post<{ id: string }>('/api/v1/drafts', { serviceId }, { key: 'k-1' })
    const [first, second] = await Promise.all([begin('segob-constancia-curp'), begin('segob-constancia-curp')])
    assert.equal(first.id, second.id)
    await assert.rejects(begin('cofepris-denuncia-sanitaria'), { code: 'key-reused' })
  })

  test('the whole log computes again to the root that was signed', async () => {
    const { stdout } = await run(ventanilla, ['log', 'check', shop.url, '--json'], {
      env: { ...process.env, DATA_DIR: shop.dataDir },
    })
    assert.equal(JSON.parse(stdout).sound, true)
  })
})
