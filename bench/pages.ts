import { Agent, request } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import Fastify from 'fastify'
import { startShop } from '../test/support/shop.ts'
import { type Result, seconds } from './measure.ts'

const PAGE = '/tramites/cofepris-aviso-funcionamiento'
const AT_ONCE = 32
const SECONDS = 5
const limits = { LIMIT_REQUESTS_PER_MINUTE: '100000000', LOG_LEVEL: 'error' }

/** A page of the catalogue beside a bare Fastify answering the same bytes; and what a first visit weighs. */
export async function measurePages(): Promise<Result[]> {
  const shop = await startShop(limits)
  try {
    const { body } = await get(shop.url + PAGE, new Agent())
    const bare = Fastify()
    bare.get('/', async (_, reply) => reply.type('text/html; charset=utf-8').send(body))
    const address = await bare.listen({ port: 0, host: '127.0.0.1' })
    const peer = await rate(address)
    const ours = await rate(shop.url + PAGE)
    await bare.close()
    return [
      {
        what: `a catalogue page, ${Math.round(ours)}/s, beside Fastify answering the same bytes, ${Math.round(peer)}/s`,
        value: ours / peer,
        unit: '×',
        goal: 0.6,
        better: 'more',
      },
      ...(await weigh(shop.url)),
    ]
  } finally {
    await shop.stop()
  }
}

async function weigh(url: string): Promise<Result[]> {
  const agent = new Agent({ keepAlive: true })
  const accepting = { 'accept-encoding': 'br' }
  const service = await get(url + PAGE, agent, accepting)
  const form = await get(`${url}/solicitar/cofepris-aviso-funcionamiento`, agent, accepting)
  const page = brotliText(service)
  const [, style] = /href="(\/assets\/ventanilla-[^"]+)"/.exec(page)!
  const [, font] = /href="(\/assets\/noto-sans-[^"]+)"/.exec(page)!
  const styles = (await get(url + style, agent, accepting)).body.length
  const script = /src="(\/assets\/efirma-[^"]+)"/.exec(brotliText(await get(`${url}/entrar`, agent)))![1]!
  const kb = (bytes: number) => bytes / 1024
  return [
    {
      what: 'first view of a service page, with styles, no script',
      value: kb(service.body.length + styles),
      unit: 'KB',
      goal: 25,
      better: 'less',
    },
    {
      what: 'first view of a form page, with styles, no script',
      value: kb(form.body.length + styles),
      unit: 'KB',
      goal: 25,
      better: 'less',
    },
    {
      what: 'fonts of a first view',
      value: kb((await get(url + font, agent)).body.length * 2),
      unit: 'KB',
      goal: 40,
      better: 'less',
    },
    {
      what: 'the signing script',
      value: kb((await get(url + script, agent, accepting)).body.length),
      unit: 'KB',
      goal: 20,
      better: 'less',
    },
  ]
}

interface Answer {
  body: Buffer
  encoding: string | undefined
}

const brotliText = ({ body, encoding }: Answer): string =>
  (encoding === 'br' ? brotliDecompressSync(body) : body).toString()

async function rate(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  let going = true
  let done = 0
  const worker = async () => {
    while (going) {
      await get(url, agent)
      done += 1
    }
  }
  const workers = Array.from({ length: AT_ONCE }, worker)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  done = 0
  const elapsed = seconds()
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
  const perSecond = done / elapsed()
  going = false
  await Promise.all(workers)
  agent.destroy()
  return perSecond
}

function get(url: string, agent: Agent, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ body: Buffer.concat(chunks), encoding: response.headers['content-encoding'] }))
    })
    sent.on('error', reject)
    sent.end()
  })
}
