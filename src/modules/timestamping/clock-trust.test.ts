import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { readTracking } from './chrony-tracking.ts'
import { watchClock } from './clock-trust.ts'

const folder = mkdtempSync(join(tmpdir(), 'clock-'))
after(() => rmSync(folder, { recursive: true }))
const start = new Date('2026-06-01T12:00:00Z')

interface Told {
  leap?: string
  stratum?: number
  offset?: number
  delay?: number
  dispersion?: number
  measured?: number
}

/** As `chronyc -c tracking` prints it (chrony 4). */
const line = ({
  leap = 'Normal',
  stratum = 3,
  offset = 0.000012,
  delay = 0.02,
  dispersion = 0.001,
  ...more
}: Told = {}) =>
  `A29FC801,162.159.200.1,${stratum},${(more.measured ?? start.getTime() / 1000 - 30).toFixed(9)},${offset},-0.000004,0.00002,-12.3,0.001,0.05,${delay},${dispersion},64.4,${leap}\n`

function world() {
  const statusFile = join(folder, `${Math.random()}`)
  const clock = fixedClock(start)
  let mono = 0
  const trust = watchClock({ clock, statusFile, accuracy: 1000, elapsed: () => mono })
  return {
    clock,
    doubt: () => trust.doubt(),
    tell: (told: Told | string) => writeFileSync(statusFile, typeof told === 'string' ? told : line(told)),
    /** Both clocks go on; the wall clock by so much more. */
    pass(seconds: number, more = 0) {
      mono += seconds
      clock.advance(seconds * 1000 + more)
    },
  }
}

const seconds = (at: Date) => at.getTime() / 1000

test('a clock is believed while what follows time sources says so: freshly, and nearly enough', async () => {
  const { doubt, tell, pass, clock } = world()
  const next = async (told: Told | string) => {
    pass(2)
    tell(told)
    return doubt()
  }
  assert.equal(await doubt(), 'status-missing')
  assert.equal(await next({}), undefined)
  assert.equal(await next({ leap: 'Not synchronised' }), 'not-synchronised')
  assert.equal(await next({ stratum: 0 }), 'not-synchronised')
  assert.equal(await next({ stratum: 16 }), 'not-synchronised')
  assert.equal(await next(line({ measured: seconds(clock.now()) }).replace('A29FC801', '7F7F0101')), 'not-synchronised')
  assert.equal(await next({ offset: 0.7, delay: 0.4, dispersion: 0.2 }), 'too-uncertain')
  assert.equal(await next({ offset: -0.7, delay: 0.1, dispersion: 0.2 }), undefined)
  assert.equal(await next({ measured: seconds(clock.now()) - 3700 }), 'status-old')
  assert.equal(await next({ measured: seconds(clock.now()) + 10 }), 'status-old')
  assert.equal(await next({ leap: 'Insert second' }), undefined)
  for (const text of ['', 'rubbish', line().replace('0.02', 'x'), `${line()}${line()}`, line().replace('64.4,', '')])
    assert.equal(await next(text), 'status-missing', text)
})

test('a status that is not renewed is not believed for long', async () => {
  const { doubt, tell, pass } = world()
  tell({})
  assert.equal(await doubt(), undefined)
  pass(3000)
  assert.equal(await doubt(), undefined)
  pass(1000)
  assert.equal(await doubt(), 'status-old')
})

for (const [name, step] of [
  ['forward', 5000],
  ['back', -5000],
  ['back by little', -400],
] as const)
  test(`a clock that is set ${name} is not believed until it was measured since`, async () => {
    const { doubt, tell, pass, clock } = world()
    tell({})
    assert.equal(await doubt(), undefined)
    pass(60, step)
    assert.equal(await doubt(), 'clock-was-set')
    pass(60)
    assert.equal(await doubt(), 'clock-was-set')
    tell({ measured: seconds(clock.now()) - 1 })
    assert.equal(await doubt(), undefined)
    pass(60)
    assert.equal(await doubt(), undefined)
  })

test('set back over an old measurement, that one does not count as new', async () => {
  const { doubt, tell, pass } = world()
  tell({ measured: seconds(start) })
  assert.equal(await doubt(), undefined)
  pass(1, -3000)
  assert.ok(await doubt())
  pass(5)
  assert.equal(await doubt(), 'clock-was-set')
})

test('a clock that is corrected slowly, as time daemons do, is no clock that was set', async () => {
  const { doubt, tell, pass, clock } = world()
  for (let i = 0; i < 50; i += 1) {
    tell({ measured: seconds(clock.now()) })
    assert.equal(await doubt(), undefined)
    pass(600, 600 * 0.4)
  }
})

test('the line of chrony: error is offset, dispersion and half the delay', () => {
  const { synchronised, measuredAt, largestError } = readTracking(line({ offset: -0.25, delay: 0.5, dispersion: 0.1 }))!
  assert.equal(synchronised, true)
  assert.equal(measuredAt, start.getTime() - 30_000)
  assert.equal(Math.round(largestError), 600)
})
