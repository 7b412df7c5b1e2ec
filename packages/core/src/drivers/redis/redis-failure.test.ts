import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { isScriptUnknown, unavailable } from './redis-failure.ts'

test('what the server says is understood also from an error of another realm, which is no instance of `Error` here', () => {
  const [unknown, refused]: unknown[] = ['NOSCRIPT No matching script', 'READONLY You can\'t write against a read only replica'].map(
    (message) => runInNewContext('new Error(message)', { message }),
  )
  expect(unknown).not.toBeInstanceOf(Error)
  expect(isScriptUnknown(unknown)).toBe(true)
  expect(unavailable(refused)).toMatchObject({ code: 'unavailable', reason: 'read-only', cause: refused })
})
