import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Text } from '#kernel/texts.ts'
import { type DemoAuthority, makeAuthority, readAuthority } from './authority.ts'
import { type Cast, type CastMember, readCast } from './cast.ts'
import { certifyPerson, type Issued } from './certify-person.ts'
import { type DemoKeys, openDemoKeys } from './demo-seal.ts'
import { type DemoTimeKey, openDemoTime } from './demo-time.ts'
import { issueRevocationList } from './issue-certificate.ts'
import { writeWhole } from './write-whole.ts'

/** Someone who can try the shop, as `people.json` shows them. */
export interface DemoPerson {
  id: string
  name: string
  rfc: string
  curp: string | null
  kind: 'person' | 'company' | 'seal'
  /** Of a company. */
  representative: { id: string; name: string; rfc: string; curp: string } | null
  certificate: 'valid' | 'expired' | 'revoked' | 'renewed'
  serial: string
  roles: Array<{ institution: string; role: string }>
  password: string
  note: Text
}

export interface Demo {
  /** `<data>/demo`. */
  folder: string
  root: Buffer
  authority: Buffer
  people: DemoPerson[]
  /** The platform's seal under this name, and the bank's key. */
  keys(name: string): Promise<DemoKeys>
  /** The authority of time of a platform of this name. */
  timeKey(name: string): Promise<DemoTimeKey>
  /** The authority's list of revoked certificates, fresh at this instant; also what `/demo/ca.crl` serves. */
  readCrl(at: Date, freshMilliseconds?: number): Promise<Buffer>
  readFile(id: string, file: 'cer' | 'key' | 'password.txt'): Promise<Buffer>
  /** From this instant on the person's certificate is revoked, in every process that reads this folder. */
  revoke(id: string, at: Date): Promise<void>
}

interface DemoSet {
  version: 1
  authority: { notBefore: string; notAfter: string }
  issued: Record<string, Issued>
}

interface Revoked {
  serial: string
  at: string
}

const DAY = 86_400_000
const FRESH = DAY / 2

/**
 * The demo's authority and people: made once into `<dataDir>/demo`, afterwards read. A certificate that ends within a month
 * of the demo's clock is renewed.
 * @param input.institutions ids of up to three institutions that get an officer, a signer and a supervisor
 */
export async function openDemo(input: {
  dataDir: string
  packDir: string
  institutions: readonly string[]
  now: Date
}): Promise<Demo> {
  const folder = join(input.dataDir, 'demo')
  const cast = await readCast(input.packDir, input.institutions)
  const stored = await readSet(folder, input.now)
  const authority = await (stored
    ? readAuthority(join(folder, 'ca'), cast)
    : makeAuthority(join(folder, 'ca'), cast, input.now))
  const before: DemoSet = stored ?? { version: 1, authority: validityAround(input.now), issued: {} }
  const issued = await certifyMissing(folder, authority, cast, before.issued, input.now)
  const set: DemoSet = { ...before, issued }
  const people = cast.people.map((member) => describe(member, cast, issued))
  if (JSON.stringify(set) !== JSON.stringify(stored)) {
    await revokeCast(folder, people, issued, stored === undefined, input.now)
    await writeWhole(join(folder, 'people.json'), `${JSON.stringify(people, null, 2)}\n`)
    await writeWhole(join(folder, 'set.json'), `${JSON.stringify(set, null, 2)}\n`)
  }
  return {
    folder,
    root: authority.root,
    authority: authority.certificate,
    people,
    keys: (name) => openDemoKeys(join(folder, 'keys'), authority.issuer, name, input.now),
    timeKey: (name) => openDemoTime(join(folder, 'keys'), authority.issuer, name, input.now),
    readCrl: crlReader(folder, authority),
    readFile: (id, file) => readFile(join(personFolder(folder, people, id), file)),
    revoke: async (id, at) => {
      personFolder(folder, people, id)
      await addRevoked(folder, [{ serial: issued[id]?.serial ?? '', at: at.toISOString() }])
    },
  }
}

/** An id comes from an address: only one of the people's own names a folder. */
function personFolder(folder: string, people: readonly DemoPerson[], id: string): string {
  if (!people.some((person) => person.id === id)) throw new RangeError(`nobody of the demo is called ${id}`)
  return join(folder, 'people', id)
}

/** Undefined where there is none, it was left half made, or the clock stands outside what its authority covers. */
async function readSet(folder: string, now: Date): Promise<DemoSet | undefined> {
  const text = await readFile(join(folder, 'set.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const set: DemoSet = JSON.parse(text)
  const covers = new Date(set.authority.notBefore) < now && now < new Date(set.authority.notAfter)
  return set.version === 1 && covers ? set : undefined
}

/** Narrower than the authority's certificate, which begins eight years earlier and lasts twenty. */
function validityAround(now: Date): DemoSet['authority'] {
  return {
    notBefore: new Date(now.getTime() - 2 * 365 * DAY).toISOString(),
    notAfter: new Date(now.getTime() + 15 * 365 * DAY).toISOString(),
  }
}

async function certifyMissing(
  folder: string,
  authority: DemoAuthority,
  cast: Cast,
  before: Record<string, Issued>,
  now: Date,
): Promise<Record<string, Issued>> {
  const entries = cast.people.map(async (member) => {
    const had = before[member.id]
    if (had && isUsable(member, had, now)) return [member.id, had] as const
    const representative = cast.people.find(({ id }) => id === member.representative)
    const request = { folder: join(folder, 'people', member.id), authority, member, representative, now }
    return [member.id, await certifyPerson({ ...request, password: cast.password, country: cast.country })] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

function isUsable(member: CastMember, { notBefore, notAfter }: Issued, now: Date): boolean {
  if (member.certificate === 'expired') return new Date(notAfter) < now
  return new Date(notBefore) <= now && new Date(notAfter).getTime() - now.getTime() > 30 * DAY
}

function describe(member: CastMember, cast: Cast, issued: Record<string, Issued>): DemoPerson {
  const representative = cast.people.find(({ id }) => id === member.representative)
  return {
    id: member.id,
    name: member.name,
    rfc: member.rfc,
    curp: member.curp ?? null,
    kind: member.seal !== undefined ? 'seal' : representative ? 'company' : 'person',
    representative: representative
      ? { id: representative.id, name: representative.name, rfc: representative.rfc, curp: representative.curp ?? '' }
      : null,
    certificate: member.certificate ?? 'valid',
    serial: issued[member.id]?.serial ?? '',
    roles: member.roles ?? [],
    password: cast.password,
    note: member.note,
  }
}

async function readRevoked(folder: string): Promise<Revoked[]> {
  const text = await readFile(join(folder, 'revoked.json'), 'utf8').catch(() => '[]')
  return JSON.parse(text)
}

async function addRevoked(folder: string, added: Revoked[]): Promise<void> {
  const before = await readRevoked(folder)
  const fresh = added.filter(({ serial }) => !before.some((each) => each.serial === serial))
  await writeWhole(join(folder, 'revoked.json'), `${JSON.stringify([...before, ...fresh], null, 2)}\n`)
}

/** Those whom the cast calls revoked, since a month before the demo began. A new authority begins a new list. */
async function revokeCast(
  folder: string,
  people: readonly DemoPerson[],
  issued: Record<string, Issued>,
  isNew: boolean,
  now: Date,
): Promise<void> {
  if (isNew) await writeWhole(join(folder, 'revoked.json'), '[]\n')
  const at = new Date(now.getTime() - 30 * DAY).toISOString()
  const revoked = people.filter(({ certificate }) => certificate === 'revoked')
  await addRevoked(
    folder,
    revoked.map(({ id }) => ({ serial: issued[id]?.serial ?? '', at })),
  )
}

/** Signs a new list when the last one is half a day old by the demo's clock, or as is asked for, or when the file says somebody was added. */
function crlReader(folder: string, authority: DemoAuthority): Demo['readCrl'] {
  let last: { crl: Buffer; thisUpdate: number; state: string } | undefined
  return async (at, fresh = FRESH) => {
    // A file's time is as coarse as the kernel's tick; each addition also makes it longer.
    const { mtimeMs, size } = await stat(join(folder, 'revoked.json'))
    const state = `${mtimeMs} ${size}`
    const age = last ? at.getTime() - last.thisUpdate : Number.POSITIVE_INFINITY
    if (last && last.state === state && age >= 0 && age < fresh) return last.crl
    const revoked = (await readRevoked(folder)).map((each) => ({ serial: each.serial, at: new Date(each.at) }))
    const crl = issueRevocationList({
      issuer: authority.issuer,
      number: Math.floor(at.getTime() / 1000),
      thisUpdate: at,
      nextUpdate: new Date(at.getTime() + 7 * DAY),
      revoked: revoked.filter((each) => each.at <= at),
    })
    last = { crl, thisUpdate: at.getTime(), state }
    return crl
  }
}
