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
  const steps: Array<() => Promise<string[]>> = [
    () => exactly(words),
    ...(wanted === words ? [] : [() => exactly(wanted)]),
    () => searchTypos(queries, wanted, filters),
  ]
  for (const step of steps) {
    const ids = await step()
    if (ids.length > 0) return page(ids, search, false)
  }
  return page(await searchNearest(queries, wanted, filters), search, true)
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

/** By the letters, where no word is one we know: «acta nacimineto». */
async function searchTypos(queries: Queries, words: string, filters: Filters): Promise<string[]> {
  const { rows } = await sql<{ service_id: string }>`
    select service_id from catalogue.service
    where names %> ${words} and ${filters}
    order by word_similarity(${words}, names) desc, length(names), service_id
    limit 50`.execute(queries)
  return rows.map(({ service_id }) => service_id)
}

/** By as many of the words as any service has, and by half of them at least; a word that nothing has is looked for by its letters. */
async function searchNearest(queries: Queries, words: string, filters: Filters): Promise<string[]> {
  const typed = await readWords(queries, [...new Set(words.split(' '))].slice(0, MOST_WORDS))
  if (typed.length < 2) return []
  const has = typed.map(({ word, known }) => (known ? sql`words @@ ${stems(word)}` : sql`names %> ${word}`))
  const all = sql.join(
    typed.map(({ word }) => stems(word)),
    sql` || `,
  )
  const { rows } = await sql<{ service_id: string }>`
    with found as materialized (
      select service_id, names, ts_rank(words, ${all}) as rank, ${sql.join(
        has.map((each) => sql`(${each})::int`),
        sql` + `,
      )} as having_words
      from catalogue.service where (${sql.join(has, sql` or `)}) and ${filters} limit ${MOST_RANKED})
    select service_id from found
    where having_words = (select max(having_words) from found) and having_words * 2 >= ${typed.length}::int
    order by rank desc, length(names), service_id
    limit 50`.execute(queries)
  return rows.map(({ service_id }) => service_id)
}

const stems = (word: string) => sql`(plainto_tsquery('spanish', ${word}) || plainto_tsquery('english', ${word}))`

/** The words that say something in both languages, and whether any service has them. */
async function readWords(queries: Queries, words: string[]): Promise<Array<{ word: string; known: boolean }>> {
  const { rows } = await sql<{ word: string; known: boolean }>`
    select word, exists (
      select 1 from catalogue.service
      where words @@ (plainto_tsquery('spanish', word) || plainto_tsquery('english', word))) as known
    from unnest(${words}::text[]) as word
    where numnode(plainto_tsquery('spanish', word)) > 0 and numnode(plainto_tsquery('english', word)) > 0`.execute(
    queries,
  )
  return rows
}
