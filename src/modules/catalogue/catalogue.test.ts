import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Clock } from '#kernel/clock.ts'
import { PackFault } from '#kernel/pack-file.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { toCpsvAp } from './cpsv-ap.ts'
import { catalogueSchema } from './ficha.ts'
import { type Catalogue, loadPack, openCatalogue, type Pack, publishPack } from './index.ts'

const clock: Clock = { now: () => new Date('2026-11-24T18:00:00Z') } as Clock
const known = {
  calendars: new Set(['lfpa-28', 'cff-12']),
  noticeRules: new Map([
    ['mx-lfea-11', { matters: ['administrative'] }],
    ['mx-cff-134', { matters: ['fiscal'] }],
    ['mx-lfpa-35', { matters: ['administrative', 'fiscal'] }],
  ]),
}

describe('the catalogue of this country, published', () => {
  let database: TestDatabase
  let pack: Pack
  let catalogue: Catalogue
  const publish = (changed: Pack) =>
    publishPack({ db: database.db, clock, append: async () => ({ entryId: crypto.randomUUID() }) }, changed)

  before(async () => {
    database = await testDatabase()
    pack = await loadPack({ packDir: new URL('../../../packs/mx', import.meta.url).pathname, ...known })
    await publish(pack)
    catalogue = await openCatalogue(database.db, pack)
  })
  after(async () => {
    catalogue?.close()
    await database?.close()
  })
  const find = async (q: string, more = {}) => {
    const { items, nearest } = await catalogue.search({ q, limit: 20, offset: 0, ...more })
    return { ids: items.map(({ id }) => id), nearest }
  }

  test('at least 24 services of 8 institutions, 7 of them wholly online, each in both languages', () => {
    assert.ok(pack.fichas.length >= 24)
    assert.ok(new Set(pack.fichas.map(({ institution }) => institution)).size >= 8)
    assert.ok(pack.fichas.filter(({ online }) => online).length >= 7)
    assert.deepEqual(untranslated(pack.fichas), [])
  })

  test('found as people type: without accents, with typos, by other names, in English, with words of wanting', async () => {
    const wanted: Array<[typed: string, first: string]> = [
      ['acta de nacimiento', 'segob-acta-nacimiento'],
      ['acta nacimineto', 'segob-acta-nacimiento'],
      ['ACTA DE NACIMIENTO', 'segob-acta-nacimiento'],
      ['partida de nacimiento', 'segob-acta-nacimiento'],
      ['birth certificate', 'segob-acta-nacimiento'],
      ['birth certficate', 'segob-acta-nacimiento'],
      ['how do i get my birth certificate', 'segob-acta-nacimiento'],
      ['sacar pasaporte', 'sre-pasaporte'],
      ['quiero sacar mi pasaporte', 'sre-pasaporte'],
      ['pasporte', 'sre-pasaporte'],
      ['SRE227', 'sre-pasaporte'],
      ['poner un negocio de comida', 'cofepris-aviso-funcionamiento'],
      ['abrir una fonda', 'cofepris-aviso-funcionamiento'],
      ['aviso de funcionamineto', 'cofepris-aviso-funcionamiento'],
      ['COFEPRIS-05-018', 'cofepris-aviso-funcionamiento'],
      ['como saco mi rfc', 'sat-inscripcion-rfc'],
      ['darme de alta en hacienda', 'sat-inscripcion-rfc'],
      ['constansia fiscal', 'sat-constancia-situacion-fiscal'],
      ['efirma', 'sat-firma-electronica'],
      ['cedula profesional', 'sep-cedula-profesional'],
      ['becas', 'sep-beca-benito-juarez-media-superior'],
      ['pension', 'imss-semanas-cotizadas'],
      ['numero de seguro social', 'imss-numero-seguridad-social'],
      ['incapacidad embarazo', 'imss-incapacidad-maternidad'],
      ['practicas profesionales', 'atdt-desarrollando-talentos'],
      ['internship', 'atdt-desarrollando-talentos'],
      ['spam calls', 'profeco-evitar-publicidad'],
      ['no me devuelven mi dinero', 'profeco-queja'],
      ['comida en mal estado', 'cofepris-denuncia-sanitaria'],
      ['registrar cancion', 'indautor-registro-obra'],
      ['basura toxica', 'semarnat-generador-residuos-peligrosos'],
      ['green card mexico', 'inm-residente-permanente'],
    ]
    for (const [typed, first] of wanted) assert.equal((await find(typed)).ids[0], first, typed)
  })

  test('what has only some of the words comes where nothing has them all, and says so; nothing for nothing', async () => {
    assert.equal((await find('pasaporte')).nearest, false)
    const near = await find('me robaron la identidad')
    assert.ok(near.ids.length > 0)
    assert.equal(near.nearest, true)
    assert.deepEqual(await find('xyzzy'), { ids: [], nearest: false })
    assert.deepEqual(await find('xyzzy plugh'), { ids: [], nearest: false })
    assert.ok((await find('sacar')).ids.length > 0, 'a word of wanting alone is still looked for')
  })

  test('filters hold together with words', async () => {
    const sat = await find('', { institution: 'sat' })
    assert.deepEqual(new Set(sat.ids.map((id) => id.split('-')[0])), new Set(['sat']))
    assert.deepEqual((await find('curp', { online: true })).ids, ['segob-constancia-curp'])
    const business = await find('', { lifeEvent: 'abrir-un-negocio' })
    assert.ok(business.ids.includes('cofepris-aviso-funcionamiento'))
    for (const id of (await find('', { channel: 'telephone' })).ids)
      assert.notEqual((await catalogue.current(id))!.channels.telephone, 'none')
  })

  test('the whole catalogue as one document is valid by its published schema, and the schema is strict', async () => {
    const document: { services: Array<Record<string, unknown>> } = JSON.parse(
      JSON.stringify({
        schema: 'https://example.org/api/v1/schemas',
        institutions: [...catalogue.institutions.values()],
        ...catalogue.lists,
        services: await catalogue.all(),
      }),
    )
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(catalogueSchema)
    assert.ok(validate(document), JSON.stringify(validate.errors?.[0]))
    document.services[0]!.surprise = true
    assert.equal(validate(document), false)
  })

  test('in the vocabulary of public services a cost is in units of the currency', async () => {
    const ficha = (await catalogue.current('sre-pasaporte'))!
    const service = toCpsvAp(ficha, catalogue, 'https://example.org')
    assert.equal((service['cv:hasCost'] as Record<string, unknown>)['cv:value'], ficha.cost.amounts![0]!.cents / 100)
  })

  test('a published version never changes; a new one stands beside the old', async () => {
    const [ficha] = pack.fichas
    const rewritten = { ...ficha!, summary: { es: 'Otro texto.', en: 'Another text.' } }
    const withFicha = (other: typeof rewritten) => ({ ...pack, fichas: [other, ...pack.fichas.slice(1)] })
    await assert.rejects(publish(withFicha(rewritten)), (error) => {
      assert.ok(error instanceof PackFault)
      assert.match(
        error.message,
        new RegExp(`^services/${ficha!.id}\\.yaml:1: version ${ficha!.version} is published and never changes`),
      )
      return true
    })
    assert.deepEqual(await publish(withFicha({ ...rewritten, version: '99' })), [`${ficha!.id} 99`])
    const again = await openCatalogue(database.db, pack)
    assert.equal((await again.current(ficha!.id))!.summary.es, 'Otro texto.')
    assert.equal((await again.version(ficha!.id, ficha!.version))!.summary.es, ficha!.summary.es)
    again.close()
  })
})

/** Texts whose English is their Spanish, but for names that are the same in both. */
function untranslated(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { es, en } = value as { es?: unknown; en?: unknown }
  if (typeof es === 'string') return es === en && es.split(' ').length > 3 ? [`${path}: ${es}`] : []
  return Object.entries(value).flatMap(([key, each]) => untranslated(each, `${path}/${key}`))
}
