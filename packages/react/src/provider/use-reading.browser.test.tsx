import { type ReactElement, StrictMode } from 'react'
import { expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, SeatList, UpcomingBill, usePlanChange, useSeats } from '../index.ts'
import { mockAnswers } from '../testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot } from '../testing/mock-snapshot.ts'

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

it('reads anew what it comes back to, and shows what was there meanwhile', async () => {
  const upcoming = Object(mockAnswers()['GET /upcoming']).upcoming
  let due = 2900
  const { client, read } = createBillingServer({
    'GET /upcoming': () => ({ upcoming: { ...upcoming, invoice: { ...upcoming.invoice, due } } }),
  }, mockPaidSnapshot())
  const ui = (isThere: boolean) => (
    <StrictMode><BillingProvider client={client} live={false}>{isThere && <><UpcomingBill /><UpcomingBill /></>}</BillingProvider></StrictMode>
  )
  const { container, rerender } = await render(ui(true))
  const amount = () => container.querySelector('[data-slot=upcoming-amount]')?.textContent
  await expect.poll(amount).toBe('$29.00')
  await rerender(ui(false))
  due = 29000
  client.accept(mockPaidSnapshot({ entitlementVersion: 3 }))
  await rerender(ui(true))
  expect(amount()).toBe('$29.00')
  await expect.poll(amount).toBe('$290.00')
  expect(read).toEqual(['GET /upcoming', 'GET /upcoming'])
})

function seatsOf(member: string): object {
  return { seats: { members: { used: 1, limit: 5, remaining: 4, members: [{ member, since: '2026-01-05T09:00:00.000Z' }] } } }
}

function Members(): ReactElement {
  const { data, status, assign } = useSeats()
  const members = data?.seats['members']?.members.map(({ member }) => member)
  return <button type="button" onClick={() => void assign.run('members', 'eve')}>{`${members?.join() ?? status} ${assign.status}`}</button>
}

it('is read once somebody has signed in, where nobody was before', async () => {
  let isIn = false
  const answer = (data: object) => () => (isIn ? data : new Response(null, { status: 401 }))
  const { client } = createBillingServer({ 'GET /seats': answer(seatsOf('ann')), 'GET /me': answer(mockSnapshot()) })
  await render(<BillingProvider client={client} live={false}><Members /></BillingProvider>)
  await expect.element(page.getByRole('button', { name: 'error idle' })).toBeVisible()
  isIn = true
  await client.refresh()
  await expect.element(page.getByRole('button', { name: 'ann idle' })).toBeVisible()
})

it('does not show one customer the seats that another one was answered of', async () => {
  let arrive: ((seats: object) => void) | undefined
  let member = 'ann'
  const { client } = createBillingServer({
    'GET /seats': () => seatsOf(member), 'POST /seats': () => new Promise((resolve) => (arrive = resolve)),
  }, mockSnapshot())
  await render(<BillingProvider client={client} live={false}><Members /></BillingProvider>)
  await page.getByRole('button', { name: 'ann idle' }).click()
  await expect.poll(() => arrive).toBeDefined()
  member = 'bob'
  client.accept(mockSnapshot({ customer: 'bob' }))
  await expect.element(page.getByRole('button', { name: 'bob pending' })).toBeVisible()
  arrive?.(seatsOf('ann, eve'))
  await expect.element(page.getByRole('button', { name: 'bob success' })).toBeVisible()
})

function Wishless(): ReactElement {
  const { preview } = usePlanChange()
  return <button type="button" onClick={preview.refetch}>{preview.status}</button>
}

it('asks for no preview where there is no wish, also when it is asked again', async () => {
  const failures = vi.fn()
  addEventListener('unhandledrejection', failures)
  const { client, sent } = createBillingServer({}, mockPaidSnapshot())
  await render(<BillingProvider client={client} live={false}><Wishless /><SeatList /></BillingProvider>)
  await page.getByRole('button', { name: 'pending' }).click()
  await client.refresh()
  expect(sent).toEqual([])
  expect(failures).not.toHaveBeenCalled()
  removeEventListener('unhandledrejection', failures)
})
