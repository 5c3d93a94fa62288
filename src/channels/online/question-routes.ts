import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type FieldError, Refusal } from '#kernel/refusal.ts'
import { type Language, say } from '#kernel/texts.ts'
import { wallClock } from '#modules/calendars/index.ts'
import {
  attachFile,
  checkOpen,
  detachFile,
  dropHeldAnswer,
  type HeldAnswer,
  holdAnswer,
  readHeldAnswer,
  saveAnswer,
} from '#modules/cases/index.ts'
import {
  askedQuestions,
  findPostalCode,
  type GroupQuestion,
  nextQuestion,
  type Posted,
  parseAnswer,
  parseGroupItem,
  type Question,
  type SimpleQuestion,
} from '#modules/catalogue/index.ts'
import { faultsOf } from '#web/answer-faults.ts'
import { readUpload } from '#web/read-upload.ts'
import { refusalSentence } from '#web/refusal-sentence.ts'
import type { ShopParts } from '../shop-parts.ts'
import { type OpenedDraft, openOwnDraft } from './draft-access.ts'
import { draftTexts } from './draft-texts.ts'
import { conflictPage } from './pages/draft.ts'
import { type QuestionData, questionPage } from './pages/question.ts'
import { toPosted } from './pages/question-fields.ts'

const open = { config: { guard: 'open' as const } }
const answered = { config: { guard: 'open' as const, ownToken: true, files: true, lists: true } }
type Asked = { Params: { id: string; question: string } }

interface Turn extends OpenedDraft {
  request: FastifyRequest
  reply: FastifyReply
  question: Question
  posted: Posted
  basedOn: number
}

interface Shown {
  places?: QuestionData['places']
  fileFault?: string
  /** The form was older than the session: it is shown again with what was typed. */
  stale?: boolean
  /** What is shown was typed before the session ended. */
  held?: boolean
}

/** One question a page: shown, answered, kept. */
export function questionRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, db } = parts
  const today = () => wallClock(cases.clock.now(), cases.catalogue.settings.zone).day

  const openQuestion = async (request: FastifyRequest<Asked>) => {
    const opened = await openOwnDraft(cases, db, request, request.params.id)
    checkOpen(cases, opened.draft)
    return { ...opened, request, question: questionOf(opened, request.params.question) }
  }

  app.get<Asked>('/borradores/:id/:question', open, async (request, reply) => {
    const opened = await openQuestion(request)
    const { ownerId, draft, question } = opened
    const held = await readHeldAnswer(db, ownerId, { draftId: draft.id, question: question.id })
    const answer = held ?? { posted: keptAs(opened, question), basedOn: draft.revision }
    return show({ ...opened, reply, ...answer }, [], { held: held !== undefined })
  })
  app.post<Asked>('/borradores/:id/:question', answered, async (request, reply) => {
    const posted = (request.body ?? {}) as Posted
    const basedOn = Number(posted.revision) || 0
    if (!request.isMultipart() && (await hold(request, { posted, basedOn })))
      return reply.redirect(`/entrar?sigue=${encodeURIComponent(request.url)}&motivo=guardada`, 303)
    const turn: Turn = { ...(await openQuestion(request)), reply, posted, basedOn }
    const { question } = turn
    if (request.isMultipart()) return receiveFile(turn)
    if (!request.isToken(posted.csrf)) return show(turn, [], { stale: true })
    if (question.type === 'file') return answerFile(turn)
    if (question.type === 'group') return answerGroup(turn, question)
    return answerSimple(turn, question)
  })

  /** The session ended while the form was open: what was typed waits until its person has signed in again. */
  async function hold(request: FastifyRequest<Asked>, { posted, basedOn }: HeldAnswer): Promise<boolean> {
    const ownerId = await request.accountOfEndedForm(posted.csrf)
    if (ownerId === undefined) return false
    const { id: draftId, question } = request.params
    const typed = Object.entries(posted).filter(([name]) => name === question || name.startsWith(`${question}-`))
    return holdAnswer(cases, ownerId, { draftId, question }, { posted: Object.fromEntries(typed), basedOn })
  }

  async function answerSimple(turn: Turn, question: SimpleQuestion): Promise<FastifyReply> {
    if (turn.posted.accion === 'buscar') return findPlaces(turn, question)
    const parsed = parseAnswer(question, turn.posted, question.id, today())
    return parsed.ok ? keep(turn, parsed.value) : show(turn, parsed.errors)
  }

  /** The postal code fills in what it says. */
  async function findPlaces(turn: Turn, question: SimpleQuestion): Promise<FastifyReply> {
    const code = String(turn.posted[`${question.id}-postalCode`] ?? '').trim()
    const places = await findPostalCode(db, code)
    const [place] = places
    const known = place && {
      [`${question.id}-municipality`]: place.municipality,
      [`${question.id}-state`]: place.state,
    }
    const errors = place ? [] : [{ field: `${question.id}-postalCode`, code: 'postal-code-unknown' }]
    return show({ ...turn, posted: { ...turn.posted, ...known } }, errors, { places })
  }

  async function answerGroup(turn: Turn, question: GroupQuestion): Promise<FastifyReply> {
    const { posted, draft, basedOn } = turn
    const items = itemsOf(turn, question)
    const fault = (code: string, facts: FieldError['facts']) => show(turn, [{ field: question.id, code, facts }])
    const changedSince = (draft.changed[question.id] ?? 0) > basedOn
    if (posted.accion === 'quitar') {
      // At that place there may be another one by now: the list is shown as it is.
      if (changedSince) return again(turn)
      const left = items.filter((_, i) => i !== Number(posted.quitar))
      return keep(turn, left, true)
    }
    const typed = Object.entries(posted).some(([name, value]) => name.startsWith(`${question.id}-`) && value !== '')
    if (posted.accion === 'seguir' && !typed) {
      const { min = 0 } = question
      if (items.length < min) return fault('group-few', { least: min })
      return items.length === 0 ? keep(turn, []) : goOn(turn)
    }
    const parsed = parseGroupItem(question, posted, today())
    if (!parsed.ok) return show(turn, parsed.errors)
    const goesOn = posted.accion === 'seguir'
    // Sent twice by a hurried hand.
    if (changedSince && isDeepStrictEqual(items.at(-1), parsed.value)) return goesOn ? goOn(turn) : again(turn)
    if (items.length >= question.max) return fault('group-many', { most: question.max })
    // One more takes nothing away from what another device added.
    return keep({ ...turn, basedOn: draft.revision }, [...items, parsed.value], !goesOn)
  }

  async function answerFile(turn: Turn): Promise<FastifyReply> {
    const { posted, draft, ownerId, question } = turn
    if (posted.accion === 'quitar') {
      await detachFile(cases, ownerId, draft.id, { attachmentId: String(posted.archivo ?? ''), channel: 'online' })
      return again(turn)
    }
    const attached = turn.attachments.some(({ field }) => field === question.id)
    if (!attached && !question.optional) return show(turn, [{ field: question.id, code: 'file-missing' }])
    return attached ? goOn(turn) : keep(turn, null)
  }

  async function receiveFile(turn: Turn): Promise<FastifyReply> {
    const { request, draft, ownerId, question } = turn
    const { token, name, bytes, fields } = await readUpload(request, cases.limits.attachmentBytes)
    request.checkToken(token)
    const basedOn = fields.revision === undefined ? draft.revision : Number(fields.revision) || 0
    if (question.type !== 'file') throw new Refusal('draft-unknown', {}, 404)
    if (name === '') return show(turn, [{ field: question.id, code: 'file-missing' }])
    try {
      await attachFile(cases, ownerId, draft.id, { field: question.id, name, bytes, basedOn, channel: 'online' })
      return goOn(await refreshed(turn))
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      const now = await refreshed(turn)
      return show({ ...now, basedOn: now.draft.revision }, [], { fileFault: message })
    }
  }

  const refreshed = async (turn: Turn): Promise<Turn> => ({
    ...turn,
    ...(await openOwnDraft(cases, db, turn.request, turn.draft.id)),
  })

  async function keep(turn: Turn, value: unknown, stay = false): Promise<FastifyReply> {
    const { ownerId, draft, question, basedOn, reply } = turn
    const saved = await saveAnswer(cases, ownerId, draft.id, {
      question: question.id,
      value,
      basedOn,
      channel: 'online',
    })
    if (saved.conflict) {
      const newest = await openOwnDraft(cases, db, turn.request, draft.id)
      reply.code(409)
      const { theirs, yours } = saved
      return reply.page((context) =>
        conflictPage(context, { draft: newest.draft, question, theirs, yours, posted: turn.posted }),
      )
    }
    await dropHeldAnswer(db, ownerId, { draftId: draft.id, question: question.id })
    if (stay) return again(turn)
    return goOn({ ...turn, draft: saved.draft })
  }

  const again = ({ draft, question, reply }: Turn): FastifyReply =>
    reply.redirect(`/borradores/${draft.id}/${question.id}`, 303)

  /** The next question without an answer, else the page that shows all. */
  function goOn({ draft, ficha, attachments, reply }: Turn): FastifyReply {
    const next = nextQuestion(ficha.online, draft.answers, (id) => attachments.some(({ field }) => field === id))
    return reply.redirect(next ? `/borradores/${draft.id}/${next.id}` : `/borradores/${draft.id}`, 303)
  }

  async function show(
    turn: Turn,
    errors: readonly FieldError[],
    { places = [], fileFault, stale = false, held = false }: Shown = {},
  ): Promise<FastifyReply> {
    const { request, reply, draft, ficha, question, posted, attachments } = turn
    const faults = faultsOf(errors, request.language)
    if (fileFault) faults.push({ field: question.id, message: fileFault })
    if (stale) faults.push({ field: '', message: say(draftTexts, 'question.stale', request.language) })
    if (faults.length > 0) reply.code(stale ? 403 : 422)
    const asked = askedQuestions(ficha.online, draft.answers)
    const before = asked[asked.findIndex(({ id }) => id === question.id) - 1]
    const data: QuestionData = {
      draft,
      service: ficha.plainName[request.language],
      question,
      posted,
      basedOn: turn.basedOn,
      faults: pointed(faults, question, request.language),
      back: before ? `/borradores/${draft.id}/${before.id}` : `/tramites/${ficha.id}`,
      items: question.type === 'group' ? itemsOf(turn, question) : [],
      attachments: attachments.filter(({ field }) => field === question.id),
      places,
      held,
      largestFile: cases.limits.attachmentBytes,
    }
    return reply.page((context) => questionPage(context, data))
  }
}

/** Of several fields on a page the sentence says which; what is about none of them is about the question. */
function pointed(faults: QuestionData['faults'], question: Question, language: Language): QuestionData['faults'] {
  const fields = question.type === 'group' ? question.fields : []
  return faults.map((fault) => {
    const one = fields.find(({ id }) =>
      [fault.field, fault.field.split('-', 2).join('-')].includes(`${question.id}-${id}`),
    )
    const message = one ? `${one.label[language]}: ${fault.message}` : fault.message
    return { ...fault, message, field: fault.field === '' ? question.id : fault.field }
  })
}

function questionOf({ ficha }: OpenedDraft, id: string): Question {
  const question = ficha.online.questions.find((each) => each.id === id)
  if (!question) throw Object.assign(new Error('not found'), { statusCode: 404 })
  return question
}

function keptAs({ draft }: OpenedDraft, question: Question): Posted {
  if (question.type === 'file' || question.type === 'group') return {}
  return toPosted(question, draft.answers[question.id], question.id)
}

function itemsOf({ draft }: OpenedDraft, question: GroupQuestion): Array<Record<string, unknown>> {
  return (draft.answers[question.id] as Array<Record<string, unknown>> | undefined) ?? []
}
