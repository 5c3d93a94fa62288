import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { startShop, type TestShop } from '../support/shop.ts'

const SERVICE = 'cofepris-denuncia-sanitaria'
/** Each table that a submission writes, in the order in which it does. */
const WRITTEN = [
  'documents.document',
  'ledger.pending',
  'cases.case',
  'cases.inbox',
  'cases.step',
  'pgboss.job_common',
  'kernel.due',
]

describe('a submission that fails half-way', () => {
  let shop: TestShop
  let owner: pg.Client
  before(async () => {
    shop = await startShop({ LOG_LEVEL: 'fatal' })
    const password = (await readFile(join(shop.dataDir, 'postgres.password'), 'utf8')).trim()
    const port = Number((await readFile(join(shop.dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3])
    owner = new pg.Client({ host: '127.0.0.1', port, user: 'ventanilla', password, database: 'postgres' })
    await owner.connect()
  })
  after(async () => {
    await owner?.end()
    await shop?.stop()
  })
  const count = async (what: string) => Number((await owner.query(`select count(*) from ${what}`)).rows[0].count)

  for (const table of WRITTEN)
    test(`at ${table} leaves nothing behind, and goes through when it is sent again`, async () => {
      const efirma = await openEfirma(shop.person('guadalupe'))
      const citizen = openShopClient(shop.url)
      await signIn(citizen, efirma)
      const { example } = await citizen.get<{ example: object }>(`/api/v1/services/${SERVICE}`)
      const { id } = await citizen.post<{ id: string }>('/api/v1/drafts', { serviceId: SERVICE, data: example })
      const prepared = await citizen.post<Prepared>(`/api/v1/drafts/${id}/prepare`, { consent: true })
      const signature = signPrepared(efirma, prepared, () => true)
      const counts = async () => {
        const tables = ['documents.document', 'ledger.opening', 'cases.case', 'cases.step', 'kernel.due']
        return Promise.all(tables.map(count))
      }
      // The receipt of the one before is written in its own time.
      while ((await count('cases.case where receipt_id is null')) > 0) await new Promise((done) => setTimeout(done, 50))
      const before = await counts()
      await owner.query(`revoke insert on ${table} from ventanilla_app`)
      try {
        await assert.rejects(citizen.post(`/api/v1/drafts/${id}/signature`, signature))
      } finally {
        await owner.query(`grant insert on ${table} to ventanilla_app`)
      }
      assert.deepEqual(await counts(), before)
      assert.equal((await citizen.get<{ status: string }>(`/api/v1/drafts/${id}`)).status, 'open')
      const { folio } = await citizen.post<{ folio: string }>(`/api/v1/drafts/${id}/signature`, signature)
      assert.equal((await citizen.get<{ folio: string }>(`/api/v1/cases/${folio}`)).folio, folio)
    })
})
