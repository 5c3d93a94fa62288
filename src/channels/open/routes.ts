import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say, type Text } from '#kernel/texts.ts'
import { parseFolio, readCase } from '#modules/cases/index.ts'
import { parseCode } from '#modules/documents/index.ts'
import { logSize, readCheckpoint, readEntries, readEntry } from '#modules/ledger/index.ts'
import { findLastingByCode } from '#modules/preservation/index.ts'
import { carry, type Explanation, sealReport, takeCarried } from '#modules/verification/index.ts'
import { parseCheckpointText } from '#trust/note/checkpoint.ts'
import { showInstant } from '#web/format.ts'
import { readUpload } from '#web/read-upload.ts'
import type { ShopParts } from '../shop-parts.ts'
import { apiPage, dataPage, logPage } from './pages/log.ts'
import { verdictPage } from './pages/verdict.ts'
import { verifyPage } from './pages/verify.ts'
import { type OpenTextKey, openTexts } from './texts.ts'

const open = { config: { guard: 'open' as const } }
type Form = { Body: Record<string, string | undefined> }
const SHOWN = 25
/** Reading a hostile file to the end costs seconds: a minute of one address holds so many. */
const rateLimit = { max: 60, timeWindow: '1 minute' }
const costly = { config: { guard: 'open' as const, rateLimit } }
const costlyFile = { config: { guard: 'open' as const, rateLimit, files: true } }

/** Whoever finds no place stays at the form, and is told there. */
function orBusy(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'verify-busy') return undefined
  throw error
}

/** What anyone may check, without signing in. */
export function verifyRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { db, clock, largestFile, examiner } = parts
  const empty = { code: '', folio: '', faults: [] }

  app.get<{ Querystring: { codigo?: string } }>('/verificar', open, async (request, reply) =>
    reply.page((context) => verifyPage(context, { ...empty, code: (request.query.codigo ?? '').slice(0, 30) })),
  )
  app.post('/verificar', costlyFile, async (request, reply) => {
    const { token, bytes, name, beside } = await readUpload(request, largestFile, 'contenido')
    request.checkToken(token)
    if (bytes.length === 0) return refuse(request, reply, {}, 'archivo', 'verify.missing')
    if (Math.max(bytes.length, beside.length) > largestFile)
      return refuse(request, reply, {}, 'archivo', 'verify.too-large')
    const content = beside.length > 0 ? beside : undefined
    const explanation = await examiner.examine(bytes, clock.now(), request.ip, content).catch(orBusy)
    if (!explanation) return refuse(request, reply, {}, 'archivo', 'verify.busy', 503)
    const inRecords = await isInRecords(explanation)
    const carried = carry({ explanation, fileName: name }, parts.reportKey, clock.now())
    return reply.page((context) => verdictPage(context, explanation, { inRecords, carried }))
  })
  app.post<Form>('/verificar/codigo', costly, async (request, reply) => {
    const { codigo = '', folio = '' } = request.body
    if (!parseCode(codigo)) return refuse(request, reply, request.body, 'codigo', 'verify.code.missing')
    const document = await findOriginal(codigo, folio)
    if (!document) return refuse(request, reply, request.body, 'codigo', 'verify.code.unknown')
    const explanation = await examiner.examine(document.bytes, clock.now(), request.ip)
    const carried = carry({ explanation, fileName: `${document.kind}.pdf` }, parts.reportKey, clock.now())
    return reply.page((context) => {
      const original = { code: codigo, folio, title: document.title }
      return verdictPage(context, explanation, { inRecords: true, original, carried })
    })
  })
  app.post<Form>('/verificar/original', open, async (request, reply) => {
    const document = await findOriginal(request.body.codigo ?? '', request.body.folio ?? '')
    if (!document) throw new Refusal('document-unknown', {}, 404)
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${document.kind}.pdf"`)
      .send(document.bytes)
  })
  app.post<Form>('/verificar/informe', costly, async (request, reply) => {
    const now = clock.now()
    const carried = takeCarried(request.body.informe ?? '', parts.reportKey, now)
    if (!carried) return refuse(request, reply, {}, 'archivo', 'report.gone')
    const { language } = request
    const { documents } = parts
    const frame = {
      language,
      institution: documents.platformName,
      fileName: carried.fileName,
      instant: (at: Date) => showInstant(at, { language, zone: parts.cases.catalogue.settings.zone }),
    }
    const report = await sealReport(documents, carried.explanation, frame, now)
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${language === 'es' ? 'informe' : 'report'}.pdf"`)
      .send(report)
  })
  app.get('/bitacora', open, async (_, reply) => {
    const [size, note] = await Promise.all([logSize(db), readCheckpoint(db)])
    const from = Math.max(0, size - SHOWN)
    const entries = size > 0 ? await lastEntries(from, size) : []
    const root = (note && parseCheckpointText(note)?.root.toString('base64')) ?? ''
    const { institutions, current } = parts.cases.catalogue
    const services = new Map<string, Text>()
    for (const { service } of entries) {
      const ficha = service && (await current(service))
      if (ficha) services.set(ficha.id, ficha.plainName)
    }
    const names = {
      institution: (id: string) => institutions.get(id)?.acronym,
      service: (id: string) => services.get(id),
    }
    const data = {
      size,
      root,
      key: parts.ledger.key.verifier,
      publicUrl: parts.publicUrl,
      last: entries.reverse(),
      names,
    }
    return reply.page((context) => logPage(context, data))
  })
  app.get('/datos', open, async (_, reply) => reply.page(dataPage))
  app.get('/api', open, async (_, reply) => reply.page((context) => apiPage(context, parts.publicUrl)))

  /** Whether it is, to the byte, one that was issued or received here, time-stamps behind it apart; asked with the code that the file carries. */
  async function isInRecords({ verdict, code, sha256, issued }: Explanation): Promise<boolean> {
    const kept = verdict === 'sound' && code ? await findLastingByCode(db, code) : undefined
    return kept?.sha256 === (issued?.sha256 ?? sha256)
  }

  /** With the code that is on the paper, and its folio where it has one: neither can be guessed. */
  async function findOriginal(typedCode: string, typedFolio: string) {
    const code = parseCode(typedCode)
    const document = code && (await findLastingByCode(db, code))
    if (!document) return undefined
    if (!document.caseId) return document
    const { folio } = await readCase(db, document.ownerId, document.caseId)
    return parseFolio(typedFolio) === folio ? document : undefined
  }

  async function lastEntries(from: number, to: number) {
    const bytes = await readEntries(db, from, to - from)
    return bytes.flatMap((each, i) => {
      const entry = readEntry(each)
      return entry ? [{ ...entry, index: from + i }] : []
    })
  }

  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    typed: Record<string, string | undefined>,
    field: string,
    key: OpenTextKey,
    status = 422,
  ) {
    reply.code(status)
    const faults = [
      { field, message: say(openTexts, key, request.language, { most: Math.floor(largestFile / 1024 / 1024) }) },
    ]
    return reply.page((context) => verifyPage(context, { code: typed.codigo ?? '', folio: typed.folio ?? '', faults }))
  }
}
