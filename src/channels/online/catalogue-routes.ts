import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { type Language, say } from '#kernel/texts.ts'
import type { CasesCode } from '#modules/cases/index.ts'
import type { Catalogue, Search } from '#modules/catalogue/index.ts'
import type { SendCached } from '#web/page-cache.ts'
import { catalogueTexts } from './catalogue-texts.ts'
import { servicePage, sheetPage } from './pages/ficha.ts'
import { homePage } from './pages/home.ts'
import { institutionPage } from './pages/institution.ts'
import { PAGE_SIZE, servicesPage, type Wanted } from './pages/search.ts'

const open = { config: { guard: 'open' as const } }
const MOST_PAGES = 50

/** What anyone may read: no cookie, no token, the same for everyone. */
export function catalogueRoutes(app: FastifyInstance, catalogue: Catalogue, cached: SendCached): void {
  app.get('/', open, (request, reply) =>
    cached(request, reply, async (context) => {
      const { items } = await catalogue.search({ online: true, limit: 8, offset: 0 })
      return homePage(context, { ...catalogue, online: items })
    }),
  )
  app.get<{ Querystring: Record<string, unknown> }>('/tramites', open, async (request, reply) => {
    const wanted = readWanted(request.query)
    const found = await catalogue.search(searchOf(wanted))
    const data = { catalogue, wanted, ...found }
    return reply.page((context) => servicesPage(context, data))
  })
  const read = async (id: string, language: Language) => {
    const ficha = await catalogue.current(id)
    if (!ficha) throw new Refusal<CasesCode>('service-unknown', {}, 404)
    return {
      ficha,
      institution: catalogue.institutions.get(ficha.institution)!,
      servicesLabel: say(catalogueTexts, 'services.title', language),
    }
  }
  app.get<{ Params: { id: string } }>('/tramites/:id', open, (request, reply) =>
    cached(request, reply, async (context) => servicePage(context, await read(request.params.id, context.language))),
  )
  app.get<{ Params: { id: string } }>('/tramites/:id/hoja', open, (request, reply) =>
    cached(request, reply, async (context) => sheetPage(context, await read(request.params.id, context.language))),
  )
  app.get<{ Params: { id: string } }>('/instituciones/:id', open, async (request, reply) => {
    const institution = catalogue.institutions.get(request.params.id)
    if (!institution) throw Object.assign(new Error('not found'), { statusCode: 404 })
    const { items } = await catalogue.search({ institution: institution.id, limit: 100, offset: 0 })
    return reply.page((context) => institutionPage(context, institution, items))
  })
}

function readWanted(query: Record<string, unknown>): Wanted {
  const text = (name: string) => String(query[name] ?? '').slice(0, 120)
  const pagina = Number.parseInt(text('pagina'), 10)
  return {
    q: text('q').trim(),
    canal: text('canal'),
    institucion: text('institucion'),
    momento: text('momento'),
    tema: text('tema'),
    pagina: pagina >= 1 && pagina <= MOST_PAGES ? pagina : 1,
  }
}

function searchOf({ q, canal, institucion, momento, tema, pagina }: Wanted): Search {
  return {
    ...(q && { q }),
    ...(canal === 'full' ? { online: true } : canal ? { channel: canal } : {}),
    ...(institucion && { institution: institucion }),
    ...(momento && { lifeEvent: momento }),
    ...(tema && { topic: tema }),
    limit: PAGE_SIZE,
    offset: (pagina - 1) * PAGE_SIZE,
  }
}
