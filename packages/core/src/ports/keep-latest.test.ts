import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { keepLatest } from './keep-latest.ts'

it('answers what it is given, and keeps the latest of it and nothing before', async () => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('This runtime has no collection that can be asked for')
  const keep = keepLatest<object>()
  const given = { number: 1 }

  expect(keep(given)).toBe(given)
  const [before, latest] = [1, 2].map((number) => new WeakRef(keep({ number })))
  await new Promise((resolve) => setImmediate(resolve))
  collect()

  expect(latest?.deref()).toEqual({ number: 2 })
  expect(before?.deref()).toBeUndefined()
})
