import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readZip } from '#trust/asic/read-zip.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import type { TestShop } from '../support/shop.ts'

export interface CaseJson {
  format: string
  reader: string
  status: string
  history: Array<{ act: string }>
  looks: Array<{ purpose: string }>
  files: Array<{
    name: string
    section: string
    kind?: string
    sha256: string
    bytes: number
    issued?: { sha256: string; bytes: number }
  }>
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export const entriesOf = (bytes: Buffer): Map<string, Buffer> =>
  new Map(readZip(bytes).map(({ name, read }) => [name, read()]))

export const caseOf = (bytes: Buffer): CaseJson => JSON.parse(String(entriesOf(bytes).get('case.json')))

/** Of its documents, in their order. */
export const kinds = (bytes: Buffer): Array<string | undefined> =>
  caseOf(bytes)
    .files.filter(({ section }) => section === 'documents')
    .map(({ kind }) => kind)

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

/** Again and again, for ten seconds, until there is something. */
export async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 50; i += 1) {
    const found = await find()
    if (found !== undefined) return found
    await pause(200)
  }
  throw new Error('it does not come')
}

export type Person = Awaited<ReturnType<typeof enterAs>>

/** A person of the demo, signed in as a program. */
export async function enterAs(shop: TestShop, id: string) {
  const efirma = await openEfirma(shop.person(id))
  const client = openShopClient(shop.url)
  return { shop: client, efirma, whoami: await signIn(client, efirma), out: join(shop.dataDir, 'out') }
}

/** Prepares and signs whatever the path is of. */
export async function sign({ shop, efirma }: Person, path: string, body: object = {}): Promise<void> {
  const prepared = await shop.post<Prepared>(`${path}/prepare`, body)
  await shop.post(
    `${path}/signature`,
    signPrepared(efirma, prepared, () => true),
  )
}

/** @returns the folio */
export async function ask(person: Person, consent = true): Promise<string> {
  const service = 'cofepris-aviso-funcionamiento'
  const given = { service, data: undefined, attach: [], consent, email: undefined, out: person.out }
  return (await apply(person, given)).folio
}

export async function decide(signer: Person, folio: string, reasons: string): Promise<void> {
  const path = `/api/v1/office/cases/${folio}`
  await signer.shop.post(`${path}/assignment`, {})
  await signer.shop.put(`${path}/decision`, { outcome: 'granted', reasons })
  await sign(signer, `${path}/decision`)
}

export async function prevent(officer: Person, folio: string, asked: string): Promise<void> {
  const path = `/api/v1/office/cases/${folio}`
  await officer.shop.post(`${path}/assignment`, {})
  await sign(officer, `${path}/prevention`, { asked })
}

/** Signs for the notice of the case, so that its act is there to be read. */
export async function openNotice(person: Person, folio: string): Promise<void> {
  const { items } = await person.shop.get<{ items: Array<{ id: string; folio: string }> }>(
    '/api/v1/notices?consult=true',
  )
  await sign(person, `/api/v1/notices/${items.find((each) => each.folio === folio)!.id}`)
}
