import { expect, it } from 'vitest'
import type { Outcome } from './billing-state.ts'
import { createResourceStore } from './resource-store.ts'

interface Count {
  readonly count: number
}

/** A store whose answers come when the test says so, and each only once. */
function setUp() {
  const waiting: ((outcome: Outcome<Count>) => void)[] = []
  const store = createResourceStore<Count>(() => new Promise((resolve) => waiting.push(resolve)))
  return { store, waiting, answer: (count: number) => waiting.shift()?.({ status: 'success', data: { count } }) }
}

it('shares one request between calls at the same time, and reads once more where what is under way may be too old', async () => {
  const { store, waiting, answer } = setUp()
  const both = [store.refresh(), store.refresh()]
  const renewed = store.renew()
  expect(waiting).toHaveLength(1)
  answer(1)
  expect(await Promise.all(both)).toMatchObject([{ data: { count: 1 } }, { data: { count: 1 } }])
  await expect.poll(() => waiting).toHaveLength(1)
  answer(2)
  expect(await renewed).toMatchObject({ data: { count: 2 } })
})

it.each([
  ['came another way', (store: ReturnType<typeof setUp>['store']) => store.take({ status: 'success', data: { count: 5 } })],
  ['was put right', (store: ReturnType<typeof setUp>['store']) => store.adjust({ count: 5 })],
])('never goes back to an answer that was under way when something newer %s: it reads once more', async (_, change) => {
  const { store, waiting, answer } = setUp()
  store.take({ status: 'success', data: { count: 3 } })
  const seen: unknown[] = []
  store.subscribe(() => seen.push(store.getSnapshot().data?.count))
  const reading = store.refresh()
  change(store)
  answer(3)
  await expect.poll(() => waiting).toHaveLength(1)
  answer(6)
  expect(await reading).toMatchObject({ data: { count: 6 } })
  expect(seen).toEqual([5, 6])
})

it('does not read for ever where something comes another way all the time', async () => {
  const { store, waiting, answer } = setUp()
  const reading = store.refresh()
  for (const count of [1, 2]) {
    store.take({ status: 'success', data: { count } })
    answer(count)
    await Promise.resolve()
    await Promise.resolve()
  }
  expect(waiting).toHaveLength(0)
  expect(await reading).toMatchObject({ data: { count: 2 } })
})

it('is stale where it can no longer be read, though something came another way', async () => {
  const { store, waiting } = setUp()
  const reading = store.refresh()
  store.take({ status: 'success', data: { count: 1 } })
  for (const status of [503, 502]) {
    await expect.poll(() => waiting).toHaveLength(1)
    waiting.shift()?.({ status: 'error', error: { status } })
  }
  expect(await reading).toMatchObject({ status: 'success', isStale: true, data: { count: 1 } })
})
