import { sql } from 'kysely'
import type { Queries } from '#kernel/database.ts'
import type { Lists } from './ficha.ts'
import { expandSynonyms, plainWords, withoutFillers } from './search-words.ts'

export interface Search {
  q?: string
  online?: boolean
  institution?: string
  channel?: string
  lifeEvent?: string
  topic?: string
  applicant?: string
  limit: number
  offset: number
}

export interface Found {
  ids: string[]
  /** Counted up to a thousand: nobody pages further. */
  total: number
  /** None has all the words: these have as many as any. */
  nearest: boolean
}

const MOST_COUNTED = 1000
/** A word that nearly everything has is not worth ranking to the end; below this the index is used and all are ranked. */
const MOST_RANKED = 20_000
const LONGEST = 120
const MOST_WORDS = 8
const MOST_NEAR = 50
/** Of 1, by three letters in a row: «nacimineto» and «nacimiento» are 0.47 alike. */
const LEAST_ALIKE = 0.4
const MOST_MEANT = 3

/** Best first; without words, by name. Accents, typos, synonyms and words of wanting are forgiven; what has some of the words comes last. */
export async function searchServices(
  queries: Queries,
  search: Search,
  { synonyms, fillers }: Pick<Lists, 'synonyms' | 'fillers'>,
): Promise<Found> {
  const words = plainWords((search.q ?? '').slice(0, LONGEST))
  const filters = filtersOf(search)
  if (words === '') return listAll(queries, search, filters)
  const wanted = withoutFillers(words, fillers) || words
  const exactly = (each: string) => searchWords(queries, [each, ...expandSynonyms(each, synonyms)], each, filters)
  const whole = await exactly(words)
  if (whole.length > 0) return page(whole, search, false)
  const plain = wanted === words ? [] : await exactly(wanted)
  if (plain.length > 0) return page(plain, search, false)
  const { ids, all } = await searchNearest(queries, wanted, filters)
  return page(ids, search, !all)
}

const page = (ids: string[], { offset, limit }: Search, nearest: boolean): Found => ({
  ids: ids.slice(offset, offset + limit),
  total: ids.length,
  nearest: nearest && ids.length > 0,
})

type Filters = ReturnType<typeof filtersOf>

function filtersOf(search: Search) {
  const parts = [sql`not withdrawn`]
  if (search.online !== undefined) parts.push(sql`online = ${search.online}`)
  if (search.institution) parts.push(sql`institution = ${search.institution}`)
  if (search.channel) parts.push(sql`${search.channel} = any(channels)`)
  if (search.lifeEvent) parts.push(sql`${search.lifeEvent} = any(life_events)`)
  if (search.topic) parts.push(sql`${search.topic} = any(topics)`)
  if (search.applicant) parts.push(sql`${search.applicant} = any(applicants)`)
  return sql.join(parts, sql` and `)
}

async function listAll(queries: Queries, { limit, offset }: Search, filters: Filters): Promise<Found> {
  const rows = await sql<{
    service_id: string
  }>`select service_id from catalogue.service where ${filters} order by names limit ${limit} offset ${offset}`.execute(
    queries,
  )
  const counted = await sql<{
    total: number
  }>`select count(*)::int as total from (select 1 from catalogue.service where ${filters} limit ${MOST_COUNTED}) as counted`.execute(
    queries,
  )
  return { ids: rows.rows.map(({ service_id }) => service_id), total: counted.rows[0]!.total, nearest: false }
}

/** By words in their Spanish and English stems; all of one alternative must be there. */
async function searchWords(
  queries: Queries,
  alternatives: readonly string[],
  words: string,
  filters: Filters,
): Promise<string[]> {
  const wanted = sql.join(
    alternatives.flatMap((each) => [
      sql`plainto_tsquery('spanish', ${each})`,
      sql`plainto_tsquery('english', ${each})`,
    ]),
    sql` || `,
  )
  const { rows } = await sql<{ service_id: string }>`
    with wanted as (select ${wanted} as query),
    found as materialized (
      select service_id, names, ts_rank(words, wanted.query) as rank
      from catalogue.service, wanted where words @@ wanted.query and ${filters} limit ${MOST_RANKED})
    select service_id from found
    order by rank + case when ${` ${words} `} = any(array[' ' || names || ' ']) then 1 when position(${words} in names) > 0 then 0.3 else 0 end desc, length(names), service_id
    limit ${MOST_COUNTED}`.execute(queries)
  return rows.map(({ service_id }) => service_id)
}

/** A word that no service has is put right, «acta nacimineto»; where none has them all, by as many as any has, and half of them at least. */
async function searchNearest(
  queries: Queries,
  words: string,
  filters: Filters,
): Promise<{ ids: string[]; all: boolean }> {
  const typed = await readWords(queries, [...new Set(words.split(' '))].slice(0, MOST_WORDS))
  const meant = typed.filter(({ meant }) => meant.length > 0).map(({ meant }) => anyOf(meant))
  if (meant.length * 2 < typed.length || meant.length === 0) return { ids: [], all: true }
  if (meant.length === typed.length) {
    const ids = await searchAll(queries, meant, filters)
    if (ids.length > 0) return { ids, all: true }
  }
  const having = sql.join(
    meant.map((each) => sql`(words @@ ${each})::int`),
    sql` + `,
  )
  const { rows } = await sql<{ service_id: string }>`
    with any_word as (select ${sql.join(meant, sql` || `)} as query),
    found as materialized (
      select service_id, names, words, ${having} as having_words
      from catalogue.service, any_word where words @@ any_word.query and ${filters} limit ${MOST_RANKED})
    select service_id from found, any_word
    where having_words = (select max(having_words) from found) and having_words * 2 >= ${typed.length}::int
    order by ts_rank(words, any_word.query) desc, length(names), service_id
    limit ${MOST_NEAR}`.execute(queries)
  return { ids: rows.map(({ service_id }) => service_id), all: false }
}

async function searchAll(queries: Queries, meant: ReturnType<typeof anyOf>[], filters: Filters): Promise<string[]> {
  const { rows } = await sql<{ service_id: string }>`
    with every_word as (select ${sql.join(meant, sql` && `)} as query)
    select service_id from catalogue.service, every_word where words @@ every_word.query and ${filters}
    order by ts_rank(words, every_word.query) desc, length(names), service_id
    limit ${MOST_NEAR}`.execute(queries)
  return rows.map(({ service_id }) => service_id)
}

const anyOf = (words: readonly string[]) =>
  sql`(${sql.join(
    words.flatMap((word) => [sql`plainto_tsquery('spanish', ${word})`, sql`plainto_tsquery('english', ${word})`]),
    sql` || `,
  )})`

interface Typed {
  word: string
  /** The word itself where some service has it, else the known words most like it. */
  meant: string[]
}

/** The words that say something in both languages, each as it was probably meant. */
async function readWords(queries: Queries, words: string[]): Promise<Typed[]> {
  const { rows } = await sql<Typed>`
    select typed.word, array(
      select known.word from catalogue.word as known
      where known.word % typed.word and similarity(known.word, typed.word) >= ${LEAST_ALIKE}
      order by similarity(known.word, typed.word) desc, known.word limit ${MOST_MEANT}) as meant
    from unnest(${words}::text[]) as typed(word)
    where numnode(plainto_tsquery('spanish', typed.word)) > 0 and numnode(plainto_tsquery('english', typed.word)) > 0`.execute(
    queries,
  )
  return rows.map(({ word, meant }) => ({ word, meant: meant[0] === word ? [word] : meant }))
}
