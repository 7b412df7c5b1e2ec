import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { connectD1, refusalMark } from './database.ts'
import { type D1Database, d1Store, migrate } from './index.ts'

const method = (): void => undefined

const others: readonly (readonly [what: string, other: unknown])[] = [
  ['nothing, as where a Worker has no binding of that name', undefined],
  ['null', null],
  ['the name of a binding', 'DB'],
  ['a binding of another kind', { get: method, put: method }],
  ['a database of another kind', { prepare: method, exec: method }],
]

describe('a database', () => {
  it.each(others)('is refused before the first call where it is %s', async (_, other) => {
    const failure = { code: 'invalid-configuration', faults: [{ path: 'database', message: expect.stringContaining('env.DB') }] }
    expect(() => d1Store({ database: other as D1Database })).toThrow(expect.objectContaining(failure))
    await expect(migrate(other as D1Database)).rejects.toMatchObject(failure)
  })
})

it('takes the answer of a guard also from an error of another realm, as a binding has that a tool hands into a sandbox', async () => {
  const error: unknown = runInNewContext(`new Error("bad JSON path: '${refusalMark}stale'")`)
  expect(error).not.toBeInstanceOf(Error)
  const database = connectD1({ prepare: () => { throw new Error('Nothing is prepared') }, batch: () => Promise.reject(error) })
  expect(await database.runGuarded([])).toEqual({ refusal: 'stale' })
})
