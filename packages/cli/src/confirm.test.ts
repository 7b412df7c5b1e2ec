import { expect, it } from 'vitest'
import { isConfirmed } from './confirm.ts'
import { connectStripe } from './connect-stripe.ts'

it('does not ask about a live account: it refuses, and says what is needed', async () => {
  const complaints: string[] = []
  const terminal = {
    print: () => undefined,
    complain: (text: string) => void complaints.push(text),
    ask: async () => {
      throw new Error('Nobody is asked')
    },
  }
  expect(await isConfirmed('live', 2, terminal)).toBe(false)
  expect(complaints).toEqual([expect.stringMatching(/live key.*--yes/)])
})

it('asks about one change in the singular', async () => {
  const questions: string[] = []
  const terminal = { print: () => undefined, complain: () => undefined, ask: async (question: string) => String(questions.push(question)) }
  expect(await isConfirmed('test', 1, terminal)).toBe(false)
  expect(questions).toEqual(['Make this change in Stripe? [y/N] '])
})

it.each([
  ['sk_test_51abc', 'test'], ['rk_test_51abc', 'test'], ['sk_live_51abc', 'live'], ['rk_live_51abc', 'live'], ['sk_51abc', 'live'],
])('takes %s for a %s key', (secretKey, mode) => {
  expect(connectStripe({ secretKey, apiBase: undefined }).mode).toBe(mode)
})
