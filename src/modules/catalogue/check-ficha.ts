import type { PackFile } from '#kernel/pack-file.ts'
import type { Ficha, Institution, Lists, Online } from './ficha.ts'
import { askedQuestions } from './form/flow.ts'
import type { Question } from './question.ts'
import { validateData } from './validate-data.ts'

export interface KnownToPack {
  institutions: ReadonlyMap<string, Institution>
  lists: Lists
  calendars: ReadonlySet<string>
  /** Rule id → the matters it is for. */
  noticeRules: ReadonlyMap<string, { matters: readonly string[] }>
}

/** What the shape alone does not say. Throws PackFault with the line. */
export function checkFicha(file: PackFile<Ficha>, known: KnownToPack): void {
  const ficha = file.value
  if (!known.institutions.has(ficha.institution))
    file.fail(['institution'], `unknown institution «${ficha.institution}»`)
  checkListed(file, 'lifeEvents', ficha.lifeEvents, known.lists.lifeEvents)
  checkListed(file, 'topics', ficha.topics, known.lists.topics)
  if (ficha.cost.kind !== 'free' && !ficha.cost.legalBasis) file.fail(['cost'], 'a cost needs its legal basis')
  const wholly = ficha.channels.online === 'full'
  if (wholly !== (ficha.online !== undefined))
    file.fail(['channels', 'online'], '«full» and the part «online» go together')
  if (ficha.online) checkOnline(file, ficha.online, known)
}

function checkListed(
  file: PackFile<Ficha>,
  field: string,
  ids: readonly string[],
  list: ReadonlyArray<{ id: string }>,
): void {
  ids.forEach((id, i) => {
    if (!list.some((each) => each.id === id)) file.fail([field, i], `unknown «${id}»`)
  })
}

function checkOnline(file: PackFile<Ficha>, online: Online, known: KnownToPack): void {
  const rule = known.noticeRules.get(online.noticeRule)
  if (!known.calendars.has(online.calendar)) file.fail(['online', 'calendar'], `unknown calendar «${online.calendar}»`)
  if (!rule) file.fail(['online', 'noticeRule'], `unknown notice rule «${online.noticeRule}»`)
  else if (!rule.matters.includes(online.matter))
    file.fail(['online', 'noticeRule'], `«${online.noticeRule}» is not for ${online.matter} acts`)
  if ((online.workflow.kind === 'automatic') !== (online.workflow.rule !== undefined))
    file.fail(['online', 'workflow'], '«automatic» and its rule go together')
  for (const [i, question] of online.questions.entries()) checkQuestion(file, online, question, i)
  const { rule: decision } = online.workflow
  if (decision && 'question' in decision)
    checkAnswers(file, ['online', 'workflow', 'rule'], online.questions, decision.question, decision.grantsIf)
  checkExample(file, online)
}

function checkQuestion(file: PackFile<Ficha>, online: Online, question: Question, index: number): void {
  const path = ['online', 'questions', index]
  const earlier = online.questions.slice(0, index)
  if (earlier.some(({ id }) => id === question.id))
    file.fail([...path, 'id'], `there is another question «${question.id}»`)
  if (question.when) checkAnswers(file, [...path, 'when'], earlier, question.when.question, question.when.is)
  if (question.type === 'text' && question.pattern) checkPattern(file, [...path, 'pattern'], question.pattern)
}

/** A rule looks at a field that exists (and comes before), and at answers that field can have. */
function checkAnswers(
  file: PackFile<Ficha>,
  path: Array<string | number>,
  questions: readonly Question[],
  id: string,
  is: ReadonlyArray<string | boolean>,
): void {
  const question = questions.find((each) => each.id === id)
  if (!question) file.fail([...path, 'question'], `there is no question «${id}» before it`)
  const possible =
    question?.type === 'yesno'
      ? [true, false]
      : question?.type === 'choice'
        ? question.choices.map(({ value }) => value)
        : undefined
  if (!possible) file.fail([...path, 'question'], `«${id}» is neither a choice nor yes or no`)
  for (const each of is) if (!possible?.includes(each as never)) file.fail(path, `«${id}» is never «${each}»`)
}

function checkPattern(file: PackFile<Ficha>, path: Array<string | number>, pattern: string): void {
  try {
    new RegExp(pattern, 'u')
  } catch {
    file.fail(path, 'is not a regular expression')
  }
  if (/[+*}]\)?[+*{]/.test(pattern)) file.fail(path, 'repeats a repetition: it could be made to take for ever')
}

function checkExample(file: PackFile<Ficha>, online: Online): void {
  const checked = validateData(file.value, online.example, undefined)
  if (!checked.ok)
    file.fail(
      ['online', 'example', ...checked.errors[0]!.field.split('.')],
      `the example is not valid: ${checked.errors[0]!.field} ${checked.errors[0]!.code}`,
    )
  const asked = new Set(askedQuestions(online, online.example).map(({ id }) => id))
  for (const name of Object.keys(online.example))
    if (!asked.has(name)) file.fail(['online', 'example', name], 'is not asked with these answers')
}

/** What a requirement asks for and another service of the pack gives: perhaps the State has it. Warnings, not faults. */
export function warnOnHeld(fichas: readonly Ficha[]): string[] {
  const given = fichas.map((ficha) => ({
    id: ficha.id,
    gets: ficha.gets.es.toLowerCase().replace(/[^\p{L}\d ]/gu, ''),
  }))
  return fichas.flatMap((ficha) =>
    ficha.requirements
      .filter(({ held }) => !held)
      .flatMap(({ name }) => {
        const wanted = name.es.toLowerCase().replace(/[^\p{L}\d ]/gu, '')
        const from = given.find(({ id, gets }) => id !== ficha.id && wanted.length > 8 && gets.startsWith(wanted))
        return from
          ? [`services/${ficha.id}.yaml: «${name.es}» is what ${from.id} gives: does the State not have it?`]
          : []
      }),
  )
}
