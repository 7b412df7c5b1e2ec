import { beforeEach, expect, test, vi } from 'vitest'
import { readRequestHeader } from './read-request-header.ts'

const headers = vi.hoisted(() => vi.fn<() => Promise<Headers>>())
vi.mock('next/headers.js', () => ({ headers }))

beforeEach(() => {
  headers.mockReset()
})

test('reads the fields of the request', async () => {
  headers.mockResolvedValue(new Headers({ authorization: 'Bearer x' }))
  const header = await readRequestHeader()
  expect(header('authorization')).toBe('Bearer x')
  expect(header('cookie')).toBeNull()
})

test.each([
  'Route "/cached": `headers()` can\'t be read inside `"use cache"`. Read it outside the cached function.',
  'Route / used `headers()` inside a function cached with `unstable_cache()`.',
])('says what to do in a cached scope: %s', async (message) => {
  const cause = new Error(message)
  headers.mockImplementation(() => {
    throw cause
  })
  await expect(readRequestHeader()).rejects.toMatchObject({
    code: 'invalid-configuration', reason: 'cached-scope', cause, faults: [{ path: 'use cache' }],
  })
})

test.each([
  ['leaving a static render', Object.assign(new Error('Dynamic server usage'), { digest: 'DYNAMIC_SERVER_USAGE' })],
  ['a call outside of a request', new Error('`headers` was called outside a request scope.')],
  ['something that is no error', { digest: 'NEXT_SOMETHING' }],
])('hands on what is meant for Next: %s', async (_, signal) => {
  headers.mockRejectedValue(signal)
  await expect(readRequestHeader()).rejects.toBe(signal)
})
