import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '#kernel/clock.ts'
import { type Authority, type RevocationSources, readRevocationSources } from '#modules/identity/index.ts'
import { authority, day, type Holder, issue, revocationList } from './pki.ts'
import { stamper, timestampOverDigest } from './signed-pdf.ts'

type ServiceName = 'root.crl' | 'people.crl' | 'time.crl' | 'time'

/**
 * Authorities of people and of time with their services on loopback, all by one clock that the test moves: years pass, lists come
 * out, and at the end nobody answers any more.
 */
export async function openTrustWorld(start: string) {
  const clock = fixedClock(start)
  const ages = { notBefore: day('2020-01-01'), notAfter: day('2050-01-01') }
  const root = authority({ subject: 'RAÍZ', ...ages })
  const people = authority({ subject: 'PERSONAS', issuer: root, ...ages })
  const time = authority({ subject: 'HORA', issuer: root, ...ages })
  const stampers: Holder[] = []
  const world = {
    clock,
    root,
    people,
    time,
    silent: new Set<ServiceName>(),
    /** How often each was asked and answered. */
    asked: new Map<string, number>(),
    /** Lists do not say anything new. */
    frozenAt: undefined as Date | undefined,
    /** Milliseconds that the authority of time takes. */
    delay: 0,
    /** A new certificate of the authority of time, from the clock's day on. */
    certifyTime(years: number): Holder {
      const notBefore = clock.now()
      const holder = stamper(time, { notBefore, notAfter: new Date(notBefore.getTime() + years * 365.25 * 86_400_000) })
      stampers.push(holder)
      return holder
    },
    person: (subject: string, issuer: Holder = people) =>
      issue({ subject, issuer, notBefore: day('2025-01-01'), notAfter: day('2031-01-01') }),
    authorities: [root, people, time].map(
      ({ certificate }): Authority => ({
        certificate,
        sha256: certificate.sha256,
        name: 'authority',
        anchor: certificate === root.certificate,
        source: 'given',
      }),
    ),
    url: '',
    sourcesFolder: '',
    sources: new Map() as RevocationSources,
    async stamp(digest: Uint8Array): Promise<Uint8Array | undefined> {
      const response = await fetch(`${world.url}/time`, { method: 'POST', body: Uint8Array.from(digest) }).catch(
        () => undefined,
      )
      return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
    },
    close: () => {},
  }
  const listOf = (issuer: Holder): Buffer => {
    const thisUpdate = world.frozenAt ?? clock.now()
    const nextUpdate = new Date(thisUpdate.getTime() + 7 * 86_400_000)
    return revocationList({ issuer, thisUpdate, nextUpdate, number: Math.floor(thisUpdate.getTime() / 1000) })
  }
  const answers: Record<ServiceName, (body: Buffer) => Buffer | Promise<Buffer>> = {
    'root.crl': () => listOf(root),
    'people.crl': () => listOf(people),
    'time.crl': () => listOf(time),
    time: async (digest) => {
      await new Promise((resolve) => setTimeout(resolve, world.delay))
      return timestampOverDigest(digest, stampers.at(-1)!, clock.now())
    },
  }
  const server = createServer((request, response) => {
    const name = request.url!.slice(1) as ServiceName
    void bodyOf(request).then(async (body) => {
      if (world.silent.has(name) || !answers[name]) return response.writeHead(503).end()
      world.asked.set(name, (world.asked.get(name) ?? 0) + 1)
      return response.end(await answers[name](body))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = mkdtempSync(join(tmpdir(), 'sources-'))
  const source = (name: string, { certificate }: Holder, lines: string) =>
    writeFileSync(join(folder, `${name}.yaml`), `issuer: ${certificate.sha256}\n${lines}`)
  const list = (name: string) => `crl:\n  url: ${world.url}/${name}.crl\n  refreshSeconds: 60\n`
  source('root', root, list('root'))
  source('people', people, list('people'))
  source('time', time, list('time'))
  world.sources = await readRevocationSources([folder])
  world.sourcesFolder = folder
  world.close = () => {
    rmSync(folder, { recursive: true })
    server.closeAllConnections()
    server.close()
  }
  return world
}

export type TrustWorld = Awaited<ReturnType<typeof openTrustWorld>>

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
