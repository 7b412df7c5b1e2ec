import type { BillingClient } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import { Activity, type ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingNotice, BillingProvider, CheckoutButton, PlanChangePreview, PricingTable } from '../index.ts'
import { mockAnswers, mockPlans } from '../testing/mock-answers.ts'
import { useAction } from './use-action.ts'
import { useBillingContext } from './billing-context.ts'
import { mockPaidSnapshot } from '../testing/mock-snapshot.ts'

const ending = mockPaidSnapshot({ notices: [{ kind: 'cancellation-scheduled', at: '2026-11-28T06:30:00.000Z' }] })
const kept = mockPaidSnapshot({ entitlementVersion: 3 })
const keep = page.getByRole('button', { name: 'Keep subscription' })

/** Readings of the snapshot that are answered when the test says so, in the order in which they were asked for. */
function holdReadings() {
  const held: ((answer: Snapshot | Response) => void)[] = []
  return { held, answer: () => new Promise<Snapshot | Response>((resolve) => held.push(resolve)) }
}

/** A notice whose button takes back an end that was scheduled, on a server that is slow to tell the snapshot. */
async function showNotice() {
  const { held, answer } = holdReadings()
  const server = createBillingServer({ 'POST /resume': () => ({ kind: 'changed', plan: 'pro', entitlementVersion: 3 }), 'GET /me': answer }, ending)
  await render(<BillingProvider client={server.client} live={false}><BillingNotice /></BillingProvider>)
  return { ...server, held }
}

/** The half of a double click that a browser counts so. */
function press(detail: number): void {
  keep.element().dispatchEvent(new MouseEvent('click', { bubbles: true, detail }))
}

describe('a button', () => {
  it('is busy, and keeps the focus, until what it changed has been read again', async () => {
    const { sent, held } = await showNotice()
    await keep.click()
    await expect.poll(() => held.length).toBe(1)
    await expect.element(keep).toHaveAttribute('aria-busy', 'true')
    await expect.element(keep).toHaveFocus()
    press(1)
    press(2)
    await userEvent.keyboard('{Enter}')
    await expect.element(keep).toHaveAttribute('aria-busy', 'true')
    held[0]?.(kept)
    await expect.element(keep).not.toBeInTheDocument()
    expect(sent).toEqual([['POST /resume', {}]])
  })

  it('stays busy while what is read may be older than the change', async () => {
    const { client, sent, held } = await showNotice()
    void client.refresh()
    await expect.poll(() => held.length).toBe(1)
    await keep.click()
    await expect.poll(() => sent).toHaveLength(1)
    held[0]?.(ending)
    await expect.poll(() => held.length).toBe(2)
    await expect.element(keep).toHaveAttribute('aria-busy', 'true')
    held[1]?.(kept)
    await expect.element(keep).not.toBeInTheDocument()
    expect(sent).toHaveLength(1)
  })

  it('is busy no more where that cannot be read again', async () => {
    const { client, sent, held } = await showNotice()
    await keep.click()
    await expect.poll(() => held.length).toBe(1)
    held[0]?.(new Response(null, { status: 503 }))
    await expect.element(keep).not.toHaveAttribute('aria-busy')
    await expect.element(keep).toHaveFocus()
    expect(client.getSnapshot().isStale).toBe(true)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => held.length).toBe(2)
    expect(sent).toHaveLength(2)
    held[1]?.(kept)
    await expect.element(keep).not.toBeInTheDocument()
  })

  it('takes a double click for one, however soon the answer is there', async () => {
    const { sent, held } = await showNotice()
    press(1)
    await expect.poll(() => held.length).toBe(1)
    held[0]?.(ending)
    await expect.element(keep).not.toHaveAttribute('aria-busy')
    press(2)
    await expect.element(keep).not.toHaveAttribute('aria-busy')
    expect(sent).toHaveLength(1)
    press(1)
    await expect.poll(() => held.length).toBe(2)
    expect(sent).toHaveLength(2)
    held[1]?.(kept)
    await expect.element(keep).not.toBeInTheDocument()
  })
})

function ResetButton(): ReactElement {
  const { status, run, reset } = useAction(useBillingContext().client.resume)
  return <button type="button" onClick={() => void run()} onContextMenu={reset}>{status}</button>
}

it('is not forgotten while it is under way, and is afterwards', async () => {
  const answers: ((answer: object) => void)[] = []
  const { client, sent } = createBillingServer({ 'POST /resume': () => new Promise((resolve) => answers.push(resolve)), 'GET /me': () => kept }, ending)
  await render(<BillingProvider client={client} live={false}><ResetButton /></BillingProvider>)
  const button = page.getByRole('button')
  await button.click()
  await expect.poll(() => answers.length).toBe(1)
  const reset = () => button.element().dispatchEvent(new MouseEvent('contextmenu', { bubbles: true }))
  reset()
  await button.click()
  await expect.element(button).toHaveTextContent('pending')
  answers[0]?.(new Response(null, { status: 503 }))
  await expect.element(button).toHaveTextContent('error')
  reset()
  await expect.element(button).toHaveTextContent('idle')
  expect(sent).toHaveLength(1)
})

it('tells people who listen once what became of a change, when it can be seen as well', async () => {
  const { held, answer } = holdReadings()
  const preview = Object(mockAnswers()['POST /change'])
  const { client, sent } = createBillingServer({
    'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }), 'GET /me': answer,
  }, mockPaidSnapshot())
  await render(<BillingProvider client={client} live={false}><PricingTable plans={mockPlans()} interval="year" /></BillingProvider>)
  const said: (string | null)[] = []
  const announcer = document.querySelector('[data-slot=billing-announcer]')
  const listening = new MutationObserver(() => {
    // Of a page behind a dialog nothing is heard.
    if (!document.querySelector('dialog[open]')) said.push(announcer?.textContent ?? null)
  })
  if (announcer) listening.observe(announcer, { childList: true })
  await page.getByRole('radio', { name: /Yearly/ }).click()
  await page.getByRole('button', { name: 'Change to yearly' }).click()
  const confirm = page.getByRole('button', { name: 'Confirm and pay $261.00' })
  await confirm.click()
  await expect.poll(() => held.length).toBe(1)
  await expect.element(confirm).toHaveAttribute('aria-busy', 'true')
  await expect.element(confirm).toHaveFocus()
  expect(said).toEqual([])
  held[0]?.(kept)
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  await expect.poll(() => said).toEqual(['You are on Pro now.'])
  listening.disconnect()
  expect(sent).toHaveLength(2)
})

it('tells nobody what became of what another person asked for, who has signed out meanwhile', async () => {
  let arrive: (() => void) | undefined
  const preview = Object(mockAnswers()['POST /change'])
  const ann = createBillingServer({
    'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }),
    'GET /me': () => mockPaidSnapshot({ entitlementVersion: 3 }),
  }, mockPaidSnapshot())
  const held: BillingClient = { ...ann.client, change: async (wish) => {
    await new Promise<void>((resolve) => (arrive = resolve))
    return ann.client.change(wish)
  } }
  const bob = createBillingServer({ 'POST /change': () => preview }, mockPaidSnapshot({ customer: 'bob' }))
  const done: unknown[] = []
  const ui = (client: BillingClient) => (
    <BillingProvider client={client} live={false}><PlanChangePreview plan="pro" onDone={(change) => done.push(change)} /></BillingProvider>
  )
  const { rerender } = await render(ui(held))
  const confirm = page.getByRole('button', { name: 'Confirm and pay $261.00' })
  await confirm.click()
  await expect.element(confirm).toHaveAttribute('aria-busy', 'true')
  await rerender(ui(bob.client))
  await expect.element(confirm).toHaveAttribute('aria-disabled', 'false')
  arrive?.()
  await expect.poll(() => ann.sent).toHaveLength(2)
  await expect.poll(() => ann.read).toContain('GET /me')
  await expect.element(confirm).toHaveAttribute('aria-disabled', 'false')
  expect(done).toEqual([])
  await expect.element(page.getByText('You are on Pro now.')).not.toBeInTheDocument()
})

it('is told how it ended where the page was hidden and shown again meanwhile', async () => {
  const answers: ((answer: object) => void)[] = []
  const { client, sent } = createBillingServer({ 'POST /checkout': () => new Promise((resolve) => answers.push(resolve)) }, kept)
  const ui = (mode: 'visible' | 'hidden') => (
    <BillingProvider client={client} live={false}><Activity mode={mode}><CheckoutButton plan="pro" interval="month" /></Activity></BillingProvider>
  )
  const { rerender } = await render(ui('visible'))
  const button = page.getByRole('button')
  await button.click()
  await expect.poll(() => answers.length).toBe(1)
  await rerender(ui('hidden'))
  await rerender(ui('visible'))
  await expect.element(button).toHaveAttribute('aria-busy', 'true')
  answers[0]?.(new Response(null, { status: 503 }))
  await expect.element(page.getByText('That did not work. Try again.')).toBeVisible()
  await expect.element(button).not.toHaveAttribute('aria-busy')
  expect(sent).toHaveLength(1)
})
