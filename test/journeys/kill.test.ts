import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { rootOf } from '#trust/merkle/tree.ts'
import { parseVerifierKey } from '#trust/note/signed-note.ts'
import { type OpenedEfirma, openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient, type Shop } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { checkLog } from '../../bin/commands/log.ts'
import { startShop, type TestShop } from '../support/shop.ts'

const TIMES = process.env.LONG_TESTS ? 50 : 10
const AT_ONCE = 6
/** Without files, and it decides by itself: receipt, decision and notice are on their way when the cut comes. */
const SERVICE = 'segob-constancia-curp'

interface Acknowledged {
  folio: string
  caseId: string
}

/**
 * What was answered «yes» to is there after any cut of the server or the database, at any instant, under load: the case, its
 * receipt, its entry in the log; and the log is the same log, or longer.
 */
describe(`cut ${TIMES} times under load`, () => {
  let shop: TestShop
  let efirma: OpenedEfirma
  const acknowledged: Acknowledged[] = []
  before(async () => {
    shop = await startShop({
      LIMIT_SUBMISSIONS_PER_DAY: '100000',
      LIMIT_REQUESTS_PER_MINUTE: '1000000',
      LIMIT_SIGN_INS_PER_ADDRESS: '100000',
      LIMIT_SIGN_INS_PER_CERTIFICATE: '100000',
    })
    const { cer, key, passwordFile } = shop.person('guadalupe')
    efirma = await openEfirma({ cer, key, passwordFile })
  })
  after(async () => {
    await shop?.stop()
  })

  test('every acknowledged submission, receipt and log entry is found', async (context) => {
    let before: { size: number; root: string } | undefined
    for (let time = 1; time <= TIMES; time += 1) {
      const what = await cutUnderLoad(shop, efirma, acknowledged)
      await shop.restart()
      const log = await checkLog(`${shop.url}/log`, await logKey(shop))
      assert.equal(log.sound, true, `after cut ${time} (${what}): ${log.reason}`)
      if (before) {
        assert.ok(log.size >= before.size, 'the log became shorter')
        assert.equal(rootOf(log.leaves!.slice(0, before.size)).toString('base64'), before.root, 'it is another log')
      }
      before = { size: log.size, root: log.root! }
    }
    context.diagnostic(`${acknowledged.length} submissions acknowledged, ${TIMES} cuts`)
    assert.ok(acknowledged.length >= TIMES, 'the load was too small to say anything')
    const client = openShopClient(shop.url)
    await signIn(client, efirma)
    for (const { folio, caseId } of acknowledged) {
      const found = await settled(client, folio)
      assert.equal(found.caseId, caseId)
      assert.ok(found.receipt, `no receipt for ${folio}`)
    }
    const entries = (await checkLog(`${shop.url}/log`, await logKey(shop))).size
    assert.ok(entries > acknowledged.length, 'fewer entries than acts')
  })
})

async function logKey({ dataDir }: TestShop) {
  return parseVerifierKey(await readFile(join(dataDir, 'trust', 'log.pub'), 'utf8'))!
}

/** The receipt may still be on its way. */
async function settled(client: Shop, folio: string) {
  for (let i = 0; ; i += 1) {
    const found = await client.get<{ caseId: string; receipt: unknown }>(`/api/v1/cases/${folio}`)
    if (found.receipt || i > 150) return found
    await wait(200)
  }
}

async function cutUnderLoad(shop: TestShop, efirma: OpenedEfirma, acknowledged: Acknowledged[]): Promise<string> {
  let going = true
  const workers = Array.from({ length: AT_ONCE }, () => submitUntilCut(shop.url, efirma, acknowledged, () => going))
  await wait(randomInt(400, 1500))
  const what = randomInt(2) === 0 ? 'server' : 'database'
  const gone = new Promise((resolve) => shop.process.once('exit', resolve))
  if (what === 'server') shop.process.kill('SIGKILL')
  else killDatabase(shop)
  going = false
  await Promise.all([gone, ...workers])
  return what
}

/** The postmaster and everything it started, at once. */
function killDatabase({ dataDir }: TestShop): void {
  const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  const children = execFileSync('sh', ['-c', `cat /proc/${pid}/task/${pid}/children 2>/dev/null || pgrep -P ${pid}`], {
    encoding: 'utf8',
  })
  for (const each of [pid, ...children.trim().split(/\s+/).map(Number)]) {
    try {
      if (each > 1) process.kill(each, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Applies again and again; what the server said yes to is remembered, whatever happens next. */
async function submitUntilCut(
  url: string,
  efirma: OpenedEfirma,
  acknowledged: Acknowledged[],
  going: () => boolean,
): Promise<void> {
  try {
    const client = openShopClient(url)
    await signIn(client, efirma)
    const { example } = await client.get<{ example: object }>(`/api/v1/services/${SERVICE}`)
    while (going()) {
      const { id } = await client.post<{ id: string }>('/api/v1/drafts', { serviceId: SERVICE })
      await client.put(`/api/v1/drafts/${id}`, { data: example })
      const prepared = await client.post<Prepared>(`/api/v1/drafts/${id}/prepare`, { consent: true })
      const signature = signPrepared(efirma, prepared, () => true)
      const { folio, caseId } = await client.post<Acknowledged>(`/api/v1/drafts/${id}/signature`, signature)
      acknowledged.push({ folio, caseId })
    }
  } catch {
    // The cut.
  }
}
