import { sql } from 'kysely'
import { searchServices } from '../src/modules/catalogue/search.ts'
import { testDatabase } from '../test/support/database.ts'
import { percentile, type Result, seconds } from './measure.ts'

const RECORDS = 100_000
const NOUNS =
  'permiso licencia registro constancia aviso certificado cédula acta pasaporte pensión beca concesión autorización inscripción renovación'.split(
    ' ',
  )
const OF =
  'nacimiento matrimonio agua pesca comercio alimentos vehículo obra marca educación salud vivienda exportación importación transporte minería'.split(
    ' ',
  )
const ASKED = [
  'acta de nacimiento',
  'acta nacimineto',
  'birth certificate',
  'permiso',
  'licencia de pesca',
  'registro marca',
  'pasaporte',
  'xyzzy',
  'constancia salud',
  'autorizacion exportasion',
  'quiero sacar un permiso de minas',
]

/** Search over a catalogue grown to 100,000 records, by words, by typos and by nothing that is there. */
export async function measureSearch(): Promise<Result[]> {
  const { db, ownerDb, close } = await testDatabase()
  try {
    await sql`
      insert into catalogue.service (service_id, version, institution, online, withdrawn, channels, life_events, topics, applicants, names, words)
      select 'servicio-' || n, 1, 'i' || n % 50, n % 7 = 0, false, '{online}', '{}', '{}', '{person}', name, to_tsvector('spanish', name)
      from (select n, (${NOUNS}::text[])[1 + n % ${NOUNS.length}::int] || ' de ' || (${OF}::text[])[1 + (n / 15) % ${OF.length}::int] || ' ' || md5(n::text) as name
            from generate_series(1, ${RECORDS}::int) as n) as made`.execute(ownerDb)
    await sql`
      insert into catalogue.word select distinct unnest(string_to_array(names, ' ')) from catalogue.service on conflict do nothing`.execute(
      ownerDb,
    )
    await sql`analyze catalogue.service, catalogue.word`.execute(ownerDb)
    const lists = { synonyms: [['acta de nacimiento', 'birth certificate']], fillers: ['quiero', 'sacar'] }
    const took: number[] = []
    for (let round = 0; round < 20; round += 1)
      for (const q of ASKED) {
        const elapsed = seconds()
        await searchServices(db, { q, limit: 20, offset: 0 }, lists)
        if (round > 1) took.push(elapsed() * 1000)
      }
    return [
      {
        what: `search over ${RECORDS} records, p95 (p50 ${percentile(took, 50)} ms)`,
        value: percentile(took, 95),
        unit: 'ms',
        goal: 30,
        better: 'less',
      },
    ]
  } finally {
    await close()
  }
}
