import type { Database } from '#kernel/database.ts'
import type { Ficha, Institution, Lists } from './ficha.ts'
import type { Pack } from './load-pack.ts'
import { type Found, type Search, searchServices } from './search.ts'
import { tables } from './tables.ts'

export interface Catalogue {
  institutions: ReadonlyMap<string, Institution>
  lists: Lists
  settings: Pack['settings']
  /** The ficha in force. */
  current(id: string): Promise<Ficha | undefined>
  /** The ficha a case or draft began with. */
  version(id: string, version: string): Promise<Ficha | undefined>
  search(search: Search): Promise<{ items: Ficha[]; total: number; nearest: boolean }>
  all(): Promise<Ficha[]>
  /** Grows with every change: what was made from the catalogue is kept as long as it stays. */
  generation(): number
  close(): void
}

const REREAD_MILLISECONDS = 500

/** Reads what is published, from memory where it is known: a change shows within a second, on every server. */
export async function openCatalogue(db: Database, pack: Pack): Promise<Catalogue> {
  const versions = new Map<string, Ficha>()
  let currents = new Map<string, string>()
  let generation = -1
  await refresh()
  const timer = setInterval(() => void refresh().catch(() => {}), REREAD_MILLISECONDS)
  timer.unref()

  async function refresh(): Promise<void> {
    const row = await tables(db).selectFrom('catalogue.generation').select('number').executeTakeFirstOrThrow()
    if (row.number === generation) return
    const rows = await tables(db)
      .selectFrom('catalogue.service')
      .select(['service_id', 'version'])
      .where('withdrawn', '=', false)
      .orderBy('names')
      .execute()
    currents = new Map(rows.map(({ service_id, version }) => [service_id, String(version)]))
    generation = row.number
  }

  async function version(id: string, number: string): Promise<Ficha | undefined> {
    const key = `${id} ${number}`
    const kept = versions.get(key)
    if (kept || !/^\d{1,9}$/.test(number)) return kept
    const row = await tables(db)
      .selectFrom('catalogue.version')
      .select('ficha')
      .where('service_id', '=', id)
      .where('version', '=', Number(number))
      .executeTakeFirst()
    if (row) versions.set(key, row.ficha)
    return row?.ficha
  }

  async function current(id: string): Promise<Ficha | undefined> {
    const number = currents.get(id)
    return number === undefined ? undefined : version(id, number)
  }

  const read = async (ids: Iterable<string>) =>
    (await Promise.all([...ids].map(current))).filter((ficha) => ficha !== undefined)

  return {
    institutions: pack.institutions,
    lists: pack.lists,
    settings: pack.settings,
    current,
    version,
    async search(search) {
      const found: Found = await searchServices(db, search, pack.lists)
      return { items: await read(found.ids), total: found.total, nearest: found.nearest }
    },
    all: () => read(currents.keys()),
    generation: () => generation,
    close: () => clearInterval(timer),
  }
}
