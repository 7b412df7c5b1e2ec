import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, UpcomingBill } from '../index.ts'
import { mockAnswers } from '../testing/mock-answers.ts'
import { mockPaidSnapshot } from '../testing/mock-snapshot.ts'

it('reads once more after a change, where what is under way began before it', async () => {
  const upcoming = Object(mockAnswers()['GET /upcoming']).upcoming
  const waiting: (() => void)[] = []
  let due = 2900
  const { client, read } = createBillingServer({
    'GET /upcoming': () => {
      const answer = { upcoming: { ...upcoming, invoice: { ...upcoming.invoice, due } } }
      return Response.json(answer)
    },
  }, mockPaidSnapshot())
  const { request } = client
  /** Every answer leaves the server at once, and is on its way until the test lets it arrive. */
  const slow = { ...client, request: async (...asked: Parameters<typeof request>) => {
    const outcome = await request(...asked)
    await new Promise<void>((resolve) => waiting.push(resolve))
    return outcome
  } } as typeof client
  await render(<BillingProvider client={slow} live={false}><UpcomingBill /></BillingProvider>)
  await expect.poll(() => waiting).toHaveLength(1)
  due = 29000
  client.accept(mockPaidSnapshot({ entitlementVersion: 3 }))
  waiting.shift()?.()
  await expect.poll(() => waiting).toHaveLength(1)
  waiting.shift()?.()
  await expect.element(page.getByText('$290.00')).toBeVisible()
  expect(read).toEqual(['GET /upcoming', 'GET /upcoming'])
})
