import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { startShop, type TestShop } from '../support/shop.ts'

/** Another person’s ids, another institution’s officer, a stranger’s signature, two at once. */
describe('what is somebody else’s', () => {
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
  const ask = (person: Person, service = 'cofepris-denuncia-sanitaria') =>
    apply(person, {
      service,
      data: undefined,
      attach: [],
      consent: true,
      email: undefined,
      out: join(shop.dataDir, 'out'),
    })
  const refused = (code: string) => (error: { code?: string }) => error.code === code

  test('is not told apart from what is not there: drafts, cases, documents, notices', async () => {
    const [owner, stranger] = [await enter('guadalupe'), await enter('tomas')]
    const { folio } = await ask(owner, 'segob-constancia-curp')
    const found = await owner.shop.get<{ documents: Array<{ id: string }> }>(`/api/v1/cases/${folio}`)
    const draft = await owner.shop.post<{ id: string }>('/api/v1/drafts', { serviceId: 'segob-constancia-curp' })
    const { items } = await owner.shop.get<{ items: Array<{ id: string }> }>('/api/v1/notices?consult=true')
    const tries: Array<[path: string, code: string]> = [
      [`/api/v1/cases/${folio}`, 'case-unknown'],
      [`/api/v1/cases/${folio}/documents/${found.documents[0]!.id}`, 'case-unknown'],
      [`/api/v1/drafts/${draft.id}`, 'draft-unknown'],
      ...items.flatMap(
        ({ id }): Array<[string, string]> => [
          [`/api/v1/notices/${id}`, 'notice-unknown'],
          [`/api/v1/notices/${id}/act`, 'notice-unknown'],
        ],
      ),
    ]
    for (const [path, code] of tries) await assert.rejects(stranger.shop.get(path), refused(code), path)
    await assert.rejects(stranger.shop.put(`/api/v1/drafts/${draft.id}`, { data: {} }), refused('draft-unknown'))
    await assert.rejects(
      stranger.shop.post(`/api/v1/drafts/${draft.id}/prepare`, { consent: true }),
      refused('draft-unknown'),
    )
    for (const path of ['/api/v1/cases', '/api/v1/notices?consult=true'])
      await assert.rejects(openShopClient(shop.url).get(path), refused('sign-in-first'))
  })

  test('a document is signed by whom it was prepared for, with what they were shown, and by nobody else', async () => {
    const [owner, stranger] = [await enter('lucia'), await enter('tomas')]
    const begin = async () => {
      const { id } = await owner.shop.post<{ id: string }>('/api/v1/drafts', {
        serviceId: 'cofepris-denuncia-sanitaria',
      })
      const { example } = await owner.shop.get<{ example: object }>('/api/v1/services/cofepris-denuncia-sanitaria')
      await owner.shop.put(`/api/v1/drafts/${id}`, { data: example })
      return {
        path: `/api/v1/drafts/${id}`,
        prepared: await owner.shop.post<Prepared>(`/api/v1/drafts/${id}/prepare`, { consent: true }),
      }
    }
    const { path, prepared } = await begin()
    const byStranger = signPrepared(stranger.efirma, prepared, () => true)
    await assert.rejects(owner.shop.post(`${path}/signature`, byStranger), refused('not-the-signed-in-person'))
    const other = await begin()
    const ofAnother = {
      ...signPrepared(owner.efirma, other.prepared, () => true),
      preparationId: prepared.preparationId,
    }
    await assert.rejects(owner.shop.post(`${path}/signature`, ofAnother), refused('signature-not-of-document'))
    const forged = {
      ...signPrepared(owner.efirma, prepared, () => true),
      signature: Buffer.alloc(256, 1).toString('base64'),
    }
    await assert.rejects(owner.shop.post(`${path}/signature`, forged), refused('signature-not-of-document'))
    const good = signPrepared(owner.efirma, prepared, () => true)
    await owner.shop.put(path, { data: (await owner.shop.get<{ data: object }>(path)).data })
    await assert.rejects(owner.shop.post(`${path}/signature`, good), refused('draft-changed'))
  })

  test('an office sees its own cases only; a citizen none', async () => {
    const owner = await enter('inaki')
    const { folio } = await ask(owner)
    const foreign = await enter('indautor-signer')
    for (const path of [`/api/v1/office/cases/${folio}`])
      await assert.rejects(foreign.shop.get(path), refused('case-unknown'))
    await assert.rejects(foreign.shop.post(`/api/v1/office/cases/${folio}/assignment`, {}), refused('case-unknown'))
    await assert.rejects(foreign.shop.get('/api/v1/office/inbox?institution=cofepris'), refused('not-your-case'))
    await assert.rejects(owner.shop.get('/api/v1/office/inbox'), refused('not-for-you'))
    const officer = await enter('cofepris-officer')
    await officer.shop.post(`/api/v1/office/cases/${folio}/assignment`, {})
    await assert.rejects(
      officer.shop.post(`/api/v1/office/cases/${folio}/decision/prepare`, {}),
      refused('not-your-case'),
    )
  })

  test('LFPA 3: two sign at once, one decision; what changed meanwhile is told', async () => {
    const owner = await enter('inaki')
    const { folio } = await ask(owner)
    const signer = await enter('cofepris-signer')
    const path = `/api/v1/office/cases/${folio}`
    await signer.shop.post(`${path}/assignment`, {})
    const draft = (outcome: string) =>
      signer.shop.put(`${path}/decision`, { outcome, reasons: 'Se revisaron los hechos que narra.' })
    await draft('granted')
    const early = await signer.shop.post<Prepared>(`${path}/decision/prepare`, {})
    await draft('refused')
    const signatureOf = (prepared: Prepared) => signPrepared(signer.efirma, prepared, () => true)
    await assert.rejects(signer.shop.post(`${path}/decision/signature`, signatureOf(early)), refused('case-changed'))
    const [first, second] = await Promise.all([
      signer.shop.post<Prepared>(`${path}/decision/prepare`, {}),
      signer.shop.post<Prepared>(`${path}/decision/prepare`, {}),
    ])
    const outcomes = await Promise.allSettled(
      [first, second].map((each) => signer.shop.post(`${path}/decision/signature`, signatureOf(each))),
    )
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const { status, history } = await owner.shop.get<{ status: string; history: Array<{ act: string }> }>(
      `/api/v1/cases/${folio}`,
    )
    assert.equal(status, 'refused')
    assert.equal(history.filter(({ act }) => act === 'decision-signed').length, 1)
  })

  test('LFPA 21: nobody resolves a case of their own', async () => {
    const signer = await enter('cofepris-signer')
    const { folio } = await ask(signer)
    const path = `/api/v1/office/cases/${folio}`
    await assert.rejects(
      signer.shop.put(`${path}/decision`, { outcome: 'granted', reasons: 'Me lo concedo porque sí, y basta.' }),
      refused('own-case'),
    )
  })

  test('a closed notice is read by no other way: not from the case, not by its act’s address', async () => {
    const owner = await enter('guadalupe')
    const { folio } = await ask(owner, 'segob-constancia-curp')
    let kinds: string[] = []
    for (let i = 0; i < 40 && !kinds.includes('decided'); i += 1) {
      const { status, documents } = await owner.shop.get<{ status: string; documents: Array<{ kind: string }> }>(
        `/api/v1/cases/${folio}`,
      )
      kinds = [...documents.map(({ kind }) => kind), ...(status === 'granted' ? ['decided'] : [])]
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    assert.ok(kinds.includes('decided') && !kinds.includes('decision'))
    const { items } = await owner.shop.get<{ items: Array<{ id: string; folio: string }> }>(
      '/api/v1/notices?consult=true',
    )
    const { id } = items.find((each) => each.folio === folio)!
    await assert.rejects(owner.shop.get(`/api/v1/notices/${id}/act`), refused('document-unknown'))
  })
})
