import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type FieldError, Refusal } from '#kernel/refusal.ts'
import { wallClock } from '#modules/calendars/index.ts'
import { attachFile, detachFile, saveAnswer } from '#modules/cases/index.ts'
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
import { conflictPage } from './pages/draft.ts'
import { type QuestionData, questionPage } from './pages/question.ts'
import { toPosted } from './pages/question-fields.ts'

const open = { config: { guard: 'open' as const } }
const answered = { config: { guard: 'open' as const, files: true, lists: true } }
type Asked = { Params: { id: string; question: string } }

interface Turn extends OpenedDraft {
  request: FastifyRequest
  reply: FastifyReply
  question: Question
  posted: Posted
  basedOn: number
}

/** One question a page: shown, answered, kept. */
export function questionRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, db } = parts
  const today = () => wallClock(cases.clock.now(), cases.catalogue.settings.zone).day

  app.get<Asked>('/borradores/:id/:question', open, async (request, reply) => {
    const opened = await openOwnDraft(cases, db, request, request.params.id)
    const question = questionOf(opened, request.params.question)
    return show({ ...opened, request, reply, question, posted: keptAs(opened, question), basedOn: 0 }, [])
  })
  app.post<Asked>('/borradores/:id/:question', answered, async (request, reply) => {
    const opened = await openOwnDraft(cases, db, request, request.params.id)
    const question = questionOf(opened, request.params.question)
    if (request.isMultipart()) return receiveFile({ ...opened, request, reply, question, posted: {}, basedOn: 0 })
    const posted = request.body as Posted
    const turn: Turn = { ...opened, request, reply, question, posted, basedOn: Number(posted.revision) || 0 }
    if (question.type === 'file') return answerFile(turn)
    if (question.type === 'group') return answerGroup(turn, question)
    return answerSimple(turn, question)
  })

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
    return show({ ...turn, posted: { ...turn.posted, ...known } }, errors, places)
  }

  async function answerGroup(turn: Turn, question: GroupQuestion): Promise<FastifyReply> {
    const { posted } = turn
    const items = itemsOf(turn, question)
    if (posted.accion === 'quitar') {
      const left = items.filter((_, i) => i !== Number(posted.quitar))
      return keep(turn, left, true)
    }
    const typed = Object.entries(posted).some(([name, value]) => name.startsWith(`${question.id}-`) && value !== '')
    if (posted.accion === 'seguir' && !typed) return items.length === 0 ? keep(turn, []) : goOn(turn)
    const parsed = parseGroupItem(question, posted, today())
    if (!parsed.ok) return show(turn, parsed.errors)
    return keep(turn, [...items, parsed.value], posted.accion !== 'seguir')
  }

  async function answerFile(turn: Turn): Promise<FastifyReply> {
    const { posted, draft, ownerId, question } = turn
    if (posted.accion === 'quitar') {
      await detachFile(cases, ownerId, draft.id, String(posted.archivo ?? ''))
      return turn.reply.redirect(`/borradores/${draft.id}/${question.id}`, 303)
    }
    const attached = turn.attachments.some(({ field }) => field === question.id)
    if (!attached && !question.optional) return show(turn, [{ field: question.id, code: 'file-missing' }])
    return attached ? goOn(turn) : keep(turn, null)
  }

  async function receiveFile(turn: Turn): Promise<FastifyReply> {
    const { request, draft, ownerId, question } = turn
    const { token, name, bytes } = await readUpload(request, cases.limits.attachmentBytes)
    request.checkToken(token)
    if (question.type !== 'file') throw new Refusal('draft-unknown', {}, 404)
    if (name === '') return show(turn, [{ field: question.id, code: 'file-missing' }])
    try {
      await attachFile(cases, ownerId, draft.id, { field: question.id, name, bytes })
      return goOn(await refreshed(turn))
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      return show(turn, [], [], message)
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
    if (stay) return reply.redirect(`/borradores/${draft.id}/${question.id}`, 303)
    return goOn({ ...turn, draft: saved.draft })
  }

  /** The next question without an answer, else the page that shows all. */
  function goOn({ draft, ficha, attachments, reply }: Turn): FastifyReply {
    const next = nextQuestion(ficha.online, draft.answers, (id) => attachments.some(({ field }) => field === id))
    return reply.redirect(next ? `/borradores/${draft.id}/${next.id}` : `/borradores/${draft.id}`, 303)
  }

  async function show(
    turn: Turn,
    errors: readonly FieldError[],
    places: QuestionData['places'] = [],
    fileFault?: string,
  ): Promise<FastifyReply> {
    const { request, reply, draft, ficha, question, posted, attachments } = turn
    const faults = faultsOf(errors, request.language)
    if (fileFault) faults.push({ field: question.id, message: fileFault })
    if (faults.length > 0) reply.code(422)
    const asked = askedQuestions(ficha.online, draft.answers)
    const before = asked[asked.findIndex(({ id }) => id === question.id) - 1]
    const data: QuestionData = {
      draft,
      question,
      posted,
      faults: pointed(faults, question),
      back: before ? `/borradores/${draft.id}/${before.id}` : `/tramites/${ficha.id}`,
      items: question.type === 'group' ? itemsOf(turn, question) : [],
      attachments: attachments.filter(({ field }) => field === question.id),
      places,
      largestFile: cases.limits.attachmentBytes,
    }
    return reply.page((context) => questionPage(context, data))
  }
}

/** A group's field that is missing is named by its own input; everything else by the question. */
function pointed(faults: QuestionData['faults'], question: Question): QuestionData['faults'] {
  return faults.map((fault) => ({ ...fault, field: fault.field === '' ? question.id : fault.field }))
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
