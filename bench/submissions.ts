import { Agent, request } from 'node:http'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { byteRangeDigest } from '#trust/pdf/byte-range.ts'
import { type OpenedEfirma, openEfirma } from '../bin/client/efirma.ts'
import { openShopClient } from '../bin/client/shop.ts'
import type { Prepared } from '../bin/client/sign-document.ts'
import { signIn } from '../bin/client/sign-in.ts'
import { startShop, type TestShop } from '../test/support/shop.ts'
import { certifyCrowd } from './certify-crowd.ts'
import { percentile, type Result, seconds } from './measure.ts'

const SERVICE = 'cofepris-denuncia-sanitaria'
const PEOPLE = 48
const AT_ONCE = 24
const WARM_SECONDS = 8
const SECONDS = 12

const limits = {
  LIMIT_SUBMISSIONS_PER_DAY: '10000000',
  LIMIT_REQUESTS_PER_MINUTE: '100000000',
  LIMIT_SIGN_INS_PER_ADDRESS: '100000',
  LIMIT_SIGN_INS_PER_CERTIFICATE: '100000',
}

/**
 * Whole applications over HTTP: draft with its data, prepared document, signature, answer; then everything that follows (receipt, log,
 * decision, notice) until nothing is left. The load and PostgreSQL are on the same machine.
 */
export async function measureSubmissions(): Promise<Result[]> {
  const shop = await startShop({ ...limits, LOG_LEVEL: 'error' })
  try {
    const people = await Promise.all((await certifyCrowd(shop.dataDir, PEOPLE)).map((id) => enter(shop, id)))
    const latencies: number[] = []
    let done = 0
    let counting = false
    let going = true
    let turn = 0
    const worker = async () => {
      while (going) {
        turn += 1
        const took = await submit(people[turn % people.length]!)
        if (counting) {
          latencies.push(took)
          done += 1
        }
      }
    }
    const workers = Array.from({ length: AT_ONCE }, worker)
    await new Promise((resolve) => setTimeout(resolve, WARM_SECONDS * 1000))
    counting = true
    const elapsed = seconds()
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
    counting = false
    const rate = done / elapsed()
    going = false
    await Promise.all(workers)
    const tail = seconds()
    await allReceipts(people)
    return [
      {
        what: `signed submissions over HTTP, ${AT_ONCE} at once (p50 ${percentile(latencies, 50)} ms, p99 ${percentile(latencies, 99)} ms; receipts of all ${tail().toFixed(1)} s after the last)`,
        value: rate,
        unit: '/s',
        goal: 150,
        better: 'more',
      },
    ]
  } finally {
    await shop.stop()
  }
}

interface Person {
  url: string
  token: string
  efirma: OpenedEfirma
  certificate: Certificate
  example: object
  agent: Agent
}

async function enter(shop: TestShop, id: string): Promise<Person> {
  const { cer, key, passwordFile } = shop.person(id)
  const efirma = await openEfirma({ cer, key, passwordFile })
  const client = openShopClient(shop.url)
  await signIn(client, efirma)
  const { example } = await client.get<{ example: object }>(`/api/v1/services/${SERVICE}`)
  return {
    url: shop.url,
    token: client.token!,
    efirma,
    certificate: parseCertificate(efirma.certificate),
    example,
    agent: new Agent({ keepAlive: true, maxSockets: 50 }),
  }
}

/** @returns milliseconds from the first request to the folio */
async function submit(person: Person): Promise<number> {
  const elapsed = seconds()
  const { id } = await call<{ id: string }>(person, 'POST', '/api/v1/drafts', {
    serviceId: SERVICE,
    data: person.example,
  })
  const prepared = await call<Prepared>(person, 'POST', `/api/v1/drafts/${id}/prepare`, { consent: true })
  await call(person, 'POST', `/api/v1/drafts/${id}/signature`, sign(person, prepared))
  return elapsed() * 1000
}

/** As the client signs, without what it checks before: the load should cost as little as it can. */
function sign({ efirma, certificate }: Person, { preparationId, pdf, byteRange }: Prepared) {
  const digest = byteRangeDigest(Buffer.from(pdf, 'base64'), byteRange)
  const attributes = signedAttributesFor({ digest, certificate })
  return {
    preparationId,
    certificate: efirma.certificate.toString('base64'),
    signedAttributes: attributes.toString('base64'),
    signature: efirma.sign(attributes).toString('base64'),
  }
}

async function allReceipts(people: Person[]): Promise<void> {
  for (let i = 0; i < 600; i += 1) {
    const lists = await Promise.all(
      people.map((person) => call<{ items: Array<{ receipt: unknown }> }>(person, 'GET', '/api/v1/cases')),
    )
    if (lists.every(({ items }) => items.every(({ receipt }) => receipt))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('receipts are missing after a minute')
}

/** Bare HTTP: the load generator should cost as little as it can. */
function call<T>({ url, token, agent }: Person, method: string, path: string, body?: unknown): Promise<T> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
    }
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text))
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 200)}`))
      })
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}
