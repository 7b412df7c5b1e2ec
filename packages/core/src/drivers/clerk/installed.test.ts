import { expect, test } from 'vitest'
import { installed } from './installed.ts'

test('a package that is not there is named, without the words of the loader', async () => {
  await expect(installed(Promise.reject(new TypeError('Cannot find package at /home/app')))).rejects.toMatchObject({
    code: 'invalid-configuration', reason: 'clerk-backend-missing', message: expect.not.stringContaining('/home') as unknown,
  })
  expect(await installed(Promise.resolve(7))).toBe(7)
})
