import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { run } from './notice-dates.ts'

interface Answer {
  id: unknown
  days?: string[]
  servedAt?: string | null
  effectAt?: string | null
  by?: string | null
  error?: string
}

async function ask(lines: string[]): Promise<Answer[]> {
  let output = ''
  const stdout = new Writable({
    write(chunk, _, done) {
      output += chunk
      done()
    },
  })
  const stdin = Readable.from(lines.map((line) => `${line}\n`))
  await run(['--batch'], { stdin, stdout, stderr: stdout } as unknown as Parameters<typeof run>[1])
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

test('LFEA 11, CFF 134: the examples of the law as the command answers them', async () => {
  const cases: Array<[rule: string, at: string, openedAt: string | undefined, served: string, effect: string]> = [
    ['mx-lfea-11', '2026-11-03T10:00:00-06:00', '2026-11-09T09:00:00-06:00', '2026-11-09T09:00:00-06:00', '2026-11-09'],
    ['mx-lfea-11', '2026-11-03T10:00:00-06:00', undefined, '2026-11-16T00:00:00-06:00', '2026-11-16'],
    ['mx-lfea-11', '2026-11-17T10:00:00-06:00', undefined, '2026-11-30T00:00:00-06:00', '2026-11-30'],
    ['mx-lfea-11', '2026-11-15T10:00:00-06:00', undefined, '2026-11-30T00:00:00-06:00', '2026-11-30'],
    ['mx-lfea-11', '2026-11-16T10:00:00-06:00', undefined, '2026-11-30T00:00:00-06:00', '2026-11-30'],
    ['mx-cff-134', '2026-11-13T10:00:00-06:00', undefined, '2026-11-20T00:00:00-06:00', '2026-11-23'],
    ['mx-cff-134', '2026-11-24T10:00:00-06:00', undefined, '2026-11-30T00:00:00-06:00', '2026-12-01'],
    ['mx-cff-134', '2026-12-22T10:00:00-06:00', undefined, '2026-12-29T00:00:00-06:00', '2026-12-30'],
    // The same instant, written as another office's clock shows it.
    ['mx-cff-134', '2026-11-14T01:00:00+09:00', undefined, '2026-11-20T00:00:00-06:00', '2026-11-23'],
    ['mx-lfea-11', '2028-02-16T00:00:00Z', undefined, '2028-02-29T00:00:00-06:00', '2028-02-29'],
    ['mx-cff-134', '2026-11-13T10:00:00-06:00', '2026-11-18T05:00:00-06:00', '2026-11-19T07:30:00-06:00', '2026-11-20'],
    ['mx-cff-134', '2026-11-13T10:00:00-06:00', '2026-11-20T00:00:00-06:00', '2026-11-20T00:00:00-06:00', '2026-11-23'],
  ]
  const answers = await ask(cases.map(([rule, at, openedAt], i) => JSON.stringify({ id: i, rule, at, openedAt })))
  cases.forEach(([rule, at, openedAt, served, effect], i) => {
    assert.equal(answers[i]!.servedAt, served, `${rule} ${at}`)
    assert.equal(answers[i]!.effectAt, `${effect}T00:00:00-06:00`, `${rule} ${at}`)
    assert.equal(answers[i]!.by, openedAt ? 'opening' : 'lapse')
  })
})

test('whatever a line holds, it is answered in a sentence and the next one too', async () => {
  const at = '2026-11-13T12:00:00-06:00'
  const question = (more: object) => JSON.stringify({ id: 'x', rule: 'mx-cff-134', at, ...more })
  const wrong = [
    '{',
    'null',
    '[]',
    '7',
    '{}',
    question({ rule: '__proto__' }),
    question({ at: '2026-02-30T12:00:00-06:00' }),
    question({ at: '2026-11-13T12:00:00' }),
    question({ at: 1 }),
    question({ at: '0050-01-01T00:00:00Z' }),
    question({ at: '9999-12-31T12:00:00-06:00' }),
    question({ rule: 'mx-lfea-11', at: '9999-12-31T12:00:00-06:00' }),
    question({ openedAt: 'yesterday' }),
    question({ openedAt: '2026-11-13T11:59:59-06:00' }),
    question({ outages: {} }),
    question({ outages: [null] }),
    question({ outages: [{ from: '2026-11-18T12:00:00-06:00', to: '2026-11-18T11:00:00-06:00' }] }),
    question({ outages: [{ from: '2026-11-17T00:00:00-06:00', to: '2190-01-01T00:00:00-06:00' }] }),
    question({ institution: 5 }),
  ]
  const answers = await ask([...wrong, question({})])
  assert.equal(answers.length, wrong.length + 1)
  wrong.forEach((line, i) => {
    assert.match(answers[i]!.error ?? '', /\w{3,} .*\w/, line)
    assert.doesNotMatch(answers[i]!.error ?? '', /Cannot read|Invalid time|not a function/, line)
  })
  assert.equal(answers.at(-1)!.servedAt, '2026-11-20T00:00:00-06:00')
})

// ── A second reading of the laws, from their text and not from our calendars, by minutes of the day in the centre's zone.

const OFFSET = -6 * 3_600_000
const local = (instant: number) => new Date(instant + OFFSET).toISOString()
const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`) - OFFSET
const following = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

function works(law: 'LFPA' | 'CFF', day: string): boolean {
  const date = new Date(day)
  const weekday = date.getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  const [year, month, number] = day.split('-').map(Number) as [number, number, number]
  const nth = Math.ceil(number / 7)
  const always = ['01-01', '05-01', '05-05', '09-16', '12-25']
  const byLaw = law === 'LFPA' ? ['02-05', '03-21', '09-01', '11-20'] : []
  if ([...always, ...byLaw].includes(day.slice(5))) return false
  if (month === 12 && number === 1 && year >= 2024 && (year - 2024) % 6 === 0) return false
  const moved =
    weekday === 1 && ((month === 2 && nth === 1) || (month === 3 && nth === 3) || (month === 11 && nth === 3))
  return !(law === 'CFF' && moved)
}

interface Asked {
  rule: 'mx-lfea-11' | 'mx-cff-134'
  at: number
  openedAt?: number
  outages: Array<[number, number]>
}

function model({ rule, at, openedAt, outages }: Asked): { served: string; effect: string; by: string } {
  const law = rule === 'mx-lfea-11' ? 'LFPA' : 'CFF'
  const opens = law === 'LFPA' ? 8 * 60 : 7 * 60 + 30
  const minutesDown = (day: string) => {
    let down = 0
    for (let minute = opens; minute < 18 * 60; minute += 1) {
      const instant = midnight(day) + minute * 60_000
      if (outages.some(([from, to]) => from <= instant && instant < to)) down += 1
    }
    return down
  }
  const counts = (day: string) => works(law, day) && minutesDown(day) < 240
  const posted = local(at).slice(0, 10)
  let lapse = ''
  let counted = 0
  let waits = false
  for (let day = following(posted); lapse === ''; day = following(day)) {
    if (law === 'CFF' && counts(day)) {
      counted += 1
      if (counted === 4) lapse = day
    }
    waits ||= day.endsWith('-15') || following(day).endsWith('-01')
    if (law === 'LFPA' && waits && counts(day)) lapse = day
  }
  const nextWorking = (day: string) => {
    let next = following(day)
    while (!works(law, next)) next = following(next)
    return next
  }
  if (openedAt !== undefined && openedAt <= midnight(lapse)) {
    const day = local(openedAt).slice(0, 10)
    const time = local(openedAt).slice(11, 19)
    const inside = works(law, day) && time >= '07:30:00' && time <= '18:00:00'
    let served = law === 'LFPA' || inside ? day : nextWorking(day)
    if (served > lapse) served = lapse
    return { served, effect: law === 'LFPA' ? served : nextWorking(served), by: 'opening' }
  }
  return { served: lapse, effect: law === 'LFPA' ? lapse : nextWorking(lapse), by: 'lapse' }
}

test('like a second reading of both laws, with openings, outages, other offsets, leap years and year ends', async () => {
  const minute = fc
    .date({ min: new Date('2023-01-01'), max: new Date('2043-12-31'), noInvalidDate: true })
    .map((date) => Math.floor(date.getTime() / 60_000) * 60_000)
  const asked = fc.record({
    rule: fc.constantFrom('mx-lfea-11' as const, 'mx-cff-134' as const),
    at: minute,
    openAfter: fc.option(fc.integer({ min: 0, max: 20 * 24 * 60 }), { nil: undefined }),
    outages: fc.array(fc.tuple(fc.integer({ min: 0, max: 20 * 24 * 60 }), fc.integer({ min: 1, max: 3 * 24 * 60 })), {
      maxLength: 4,
    }),
    offset: fc.constantFrom(-6, -5, -8, 0, 9, 14),
  })
  const written = (instant: number, offset: number) => {
    const hours = String(Math.abs(offset)).padStart(2, '0')
    return `${new Date(instant + offset * 3_600_000).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${hours}:00`
  }
  const questions = fc.sample(asked, { numRuns: 1500, seed: 11 }).map(({ rule, at, openAfter, outages, offset }) => ({
    offset,
    rule,
    at,
    ...(openAfter !== undefined && { openedAt: at + openAfter * 60_000 }),
    outages: outages.map(([after, long]) => [at + after * 60_000, at + (after + long) * 60_000] as [number, number]),
  }))
  const lines = questions.map(({ offset, rule, at, openedAt, outages }, id) =>
    JSON.stringify({
      id,
      rule,
      at: written(at, offset),
      ...(openedAt !== undefined && { openedAt: written(openedAt, offset) }),
      outages: outages.map(([from, to]) => ({ from: written(from, offset), to: written(to, offset) })),
    }),
  )
  const answers = await ask(lines)
  questions.forEach((question, i) => {
    const expected = model(question)
    const { servedAt, effectAt, by } = answers[i]!
    const found = { served: servedAt?.slice(0, 10), effect: effectAt?.slice(0, 10), by }
    assert.deepEqual(found, expected, lines[i])
    if (by === 'lapse') assert.equal(servedAt, `${expected.served}T00:00:00-06:00`)
  })
})
