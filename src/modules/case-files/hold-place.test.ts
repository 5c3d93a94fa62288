import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlaces } from './hold-place.ts'

const busy = (error: { code?: string; status?: number }) => error.code === 'case-file-busy' && error.status === 503

test('one place for each account, and no more than there are', () => {
  const places = openPlaces(2, 1)
  const leave = places.take('a')
  assert.throws(() => places.take('a'), busy)
  places.take('b')
  assert.throws(() => places.take('c'), busy)
  leave()
  places.take('c')
})

test('work is done in turn, so much at once, also after work that fails', async () => {
  const places = openPlaces(10, 2)
  let working = 0
  let most = 0
  const order: number[] = []
  const work = (i: number) => async () => {
    most = Math.max(most, ++working)
    await new Promise((resolve) => setImmediate(resolve))
    working -= 1
    order.push(i)
    if (i === 1) throw new Error('one that fails')
    return i
  }
  const done = await Promise.allSettled([0, 1, 2, 3, 4].map((i) => places.inTurn(work(i))))
  assert.deepEqual(
    done.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  )
  assert.deepEqual([most, order], [2, [0, 1, 2, 3, 4]])
})
