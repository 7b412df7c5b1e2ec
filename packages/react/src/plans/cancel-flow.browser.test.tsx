import type { Snapshot, TermsView } from '@farebox/core/protocol'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { type Answers, createBillingServer } from '../../test/billing-server.ts'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'
import { BillingProvider, CancelFlow } from '../index.ts'
import '../styles.css'

const calls: TermsView = { kind: 'metered', limit: 500, unit: 'call', interval: 'month', overage: null }
const paid = mockPaidSnapshot({
  usage: { apiCalls: mockUsage(320, 500) },
  entitlements: {
    apiCalls: { terms: calls, source: 'subscription', onError: 'deny' },
    exports: { terms: { kind: 'toggle', on: true }, source: 'subscription', onError: 'deny' },
  },
})
const leaving = { ...paid, entitlementVersion: 3, notices: [{ kind: 'cancellation-scheduled', at: '2026-12-21T06:30:00.000Z' }] } satisfies Snapshot
const scheduled = { kind: 'scheduled', plan: 'free', at: '2026-12-21T06:30:00.000Z' }

async function show(snapshot: Snapshot, answers: Answers = {}) {
  const server = createBillingServer(answers, snapshot)
  const done: unknown[] = []
  const { container } = await render(
    <BillingProvider client={server.client} live={false} labels={{ apiCalls: 'API calls' }}>
      <CancelFlow onDone={(change) => done.push(change)}>
        <p>Your projects are kept for 30 days.</p>
      </CancelFlow>
    </BillingProvider>,
  )
  return { ...server, container, done }
}

const dialog = page.getByRole('dialog', { name: 'Cancel Pro?' })

function button(name: string) {
  return page.getByRole('button', { name, exact: true })
}

it('warns of what becomes less and of what is used beyond it, before anything is sent', async () => {
  const { sent } = await show(paid)
  await button('Cancel subscription').click()
  await expect.element(dialog.getByText('You keep Pro until Dec 21, 2026. From then on you have Free.')).toBeVisible()
  expect([...dialog.element().querySelectorAll('dl > div')].map(({ textContent }) => textContent)).toEqual([
    'API calls500 calls a month becomes 5 calls a monthYou use 320 now: what goes beyond is refused.',
    'exportsIncluded becomes Not included',
  ])
  await expect.element(dialog.getByText('Your projects are kept for 30 days.')).toBeVisible()
  const [title, below] = ['Cancel Pro?', 'What becomes less'].map((name) => getComputedStyle(dialog.getByRole('heading', { name }).element()))
  expect(Number.parseFloat(title?.fontSize ?? '')).toBeGreaterThan(Number.parseFloat(below?.fontSize ?? ''))
  expect(below?.paddingBottom).toBe('8px')
  await userEvent.keyboard('{Escape}')
  await expect.element(dialog).not.toBeInTheDocument()
  await expect.element(button('Cancel subscription')).toHaveFocus()
  expect(sent).toEqual([])
})

it('reads the catalog for who wants to end the subscription, and for nobody else', async () => {
  const { read } = await show(paid)
  await expect.element(button('Cancel subscription')).toBeVisible()
  expect(read).toEqual([])
  await button('Cancel subscription').click()
  await expect.element(dialog.getByText('You keep Pro until Dec 21, 2026. From then on you have Free.')).toBeVisible()
  expect(read).toEqual(['GET /plans'])
})

it('ends the subscription with its period, and takes it back, without losing the focus', async () => {
  let snapshot: Snapshot = leaving
  const { sent, done } = await show(paid, {
    'POST /cancel': () => scheduled,
    'POST /resume': () => {
      snapshot = { ...paid, entitlementVersion: 4 }
      return { kind: 'changed', plan: 'pro', entitlementVersion: 4 }
    },
    'GET /me': () => snapshot,
  })
  await button('Cancel subscription').click()
  await button('Cancel at the end of the period').click()
  await expect.element(page.getByText('Pro ends Dec 21, 2026.').first()).toBeVisible()
  await expect.element(button('Keep Pro')).toHaveFocus()
  // Where it is heard as well: what is said next takes its place.
  await expect.element(page.getByText('Pro ends Dec 21, 2026.').nth(1)).toBeInTheDocument()
  expect(done).toEqual([scheduled])
  await userEvent.keyboard('{Enter}')
  await expect.element(button('Cancel subscription')).toHaveFocus()
  await expect.element(page.getByText('Your subscription continues.')).toBeInTheDocument()
  expect(sent).toEqual([['POST /cancel', {}], ['POST /resume', {}]])
})

it('says what failed and stays open; can be left also where the catalog could not be read', async () => {
  await show(paid, { 'POST /cancel': () => new Response(null, { status: 503 }), 'GET /plans': () => new Response(null, { status: 503 }) })
  await button('Cancel subscription').click()
  await expect.element(dialog.getByRole('alert')).toBeVisible()
  await button('Cancel at the end of the period').click()
  await expect.element(dialog.getByText('That did not work. Try again.')).toBeVisible()
  await button('Keep Pro').click()
  await expect.element(dialog).not.toBeInTheDocument()
})

it.each([
  ['there is nothing to cancel', mockSnapshot(), 'There is no subscription to cancel.'],
  ['somebody else manages the billing', { ...paid, canManageBilling: false }, 'Ask who manages billing'],
])('has no button where %s', async (_, snapshot, text) => {
  await show(snapshot)
  await expect.element(page.getByText(text)).toBeVisible()
  expect(page.getByRole('button').elements()).toEqual([])
})

it('ends the subscription once while Enter is held, and does not take that back with what comes next', async () => {
  const { sent } = await show(paid, { 'POST /cancel': () => scheduled, 'GET /me': () => leaving })
  await button('Cancel subscription').click()
  const confirm = button('Cancel at the end of the period')
  await expect.element(confirm).toBeVisible()
  const element = confirm.element()
  if (element instanceof HTMLElement) element.focus()
  await userEvent.keyboard('{Enter>60/}')
  await expect.element(button('Keep Pro')).toHaveFocus()
  expect(sent).toEqual([['POST /cancel', {}]])
})

it.each([
  ['has ended elsewhere', mockSnapshot({ entitlementVersion: 3 }), 'There is no subscription to cancel.', 2],
  ['is nobody\'s who is signed in', null, 'There is no subscription to cancel.', 0],
] as const)('closes what can no longer be confirmed: a subscription that %s', async (_, arriving, text, times) => {
  const { client, sent } = await show(paid)
  await button('Cancel subscription').click()
  await expect.element(button('Cancel at the end of the period')).toBeVisible()
  client.accept(arriving)
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  // On the page, and to those who listen.
  await expect.poll(() => page.getByText(text).elements().length).toBe(times)
  await expect.poll(() => document.activeElement).not.toBe(document.body)
  expect(sent).toEqual([])
})
