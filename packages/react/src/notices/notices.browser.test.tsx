import type { NoticeView, Snapshot } from '@farebox/core/protocol'
import { type ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingMock, type BillingMockProps, createMockClient, mockPaidSnapshot, mockSnapshot } from '../testing/index.ts'
import { BillingDashboard, BillingNotice, BillingProvider, DunningBanner, TrialCountdown, useNotices } from '../index.ts'

const later = '2026-11-28T06:30:00.000Z'
const failed: NoticeView = { kind: 'payment-failed', at: null, url: 'https://pay.example.com/in_1', due: { amount: 2900, currency: 'usd' } }
const pastDue: readonly NoticeView[] = [{ kind: 'payment-past-due', at: later }, failed]
const ending: NoticeView = { kind: 'cancellation-scheduled', at: later }

function show(ui: ReactElement, more: Partial<Snapshot>, props: BillingMockProps = {}) {
  return render(<BillingMock snapshot={mockPaidSnapshot(more)} {...props}>{ui}</BillingMock>)
}

function spoken(): string {
  return document.querySelector('[data-slot=billing-announcer]')?.textContent ?? ''
}

/** An app that takes the notice away by itself. */
function WhileNoticed(): ReactElement | undefined {
  const notice = useNotices().data?.find(({ action }) => action === 'resume')
  return notice && <section><BillingNotice notice={notice} /></section>
}

describe('BillingNotice', () => {
  it('is not there while nothing is known, and where there is nothing to know', async () => {
    const { container } = await render(<BillingMock snapshot={null} server="loading"><BillingNotice /><DunningBanner /><TrialCountdown /></BillingMock>)
    expect(container.textContent).toBe('')
    const calm = await show(<BillingNotice />, {})
    expect(calm.container.querySelector('[data-notice]')).toBeNull()
  })

  it('leads to the page on which it is paid, and says until when', async () => {
    await show(<BillingNotice />, { notices: pastDue })
    await expect.element(page.getByRole('link', { name: 'Pay now' })).toHaveAttribute('href', 'https://pay.example.com/in_1')
    await expect.element(page.getByText('Your payment of $29.00 did not arrive. Access ends on Nov 28, 2026.')).toBeVisible()
    await expect.element(page.getByText('Urgent: Payment overdue')).toBeInTheDocument()
  })

  it('takes back what was scheduled, once for two clicks', async () => {
    const onRequest = vi.fn()
    await show(<BillingNotice />, { notices: [ending] }, { onRequest, answers: { 'POST /resume': { kind: 'unchanged', plan: 'pro' } } })
    const button = page.getByRole('button', { name: 'Keep subscription' })
    await userEvent.dblClick(button)
    await expect.poll(() => onRequest).toHaveBeenCalledWith('POST /resume', {})
    await expect.element(button).not.toHaveAttribute('aria-busy')
    expect(onRequest).toHaveBeenCalledTimes(1)
  })

  describe('whose button took back what was scheduled', () => {
    const calm = { 'POST /resume': { kind: 'changed', plan: 'pro', entitlementVersion: 3 }, 'GET /me': mockPaidSnapshot({ entitlementVersion: 3 }) }
    const title = page.getByText('Your subscription ends')

    it('is gone with a word, and the focus is back where it came from', async () => {
      await show(<><a href="#plan">Plan</a><BillingNotice /></>, { notices: [ending] }, { answers: calm })
      await userEvent.tab()
      await userEvent.tab()
      await expect.element(page.getByRole('button', { name: 'Keep subscription' })).toHaveFocus()
      await userEvent.keyboard('{Enter}')
      await expect.element(title).not.toBeInTheDocument()
      await expect.element(page.getByRole('link', { name: 'Plan' })).toHaveFocus()
      expect(spoken()).toBe('Your subscription continues.')
    })

    it('is gone without it where the subscription has ended meanwhile', async () => {
      const ended = mockSnapshot({ entitlementVersion: 3 })
      await show(<BillingNotice />, { notices: [ending] }, { answers: { 'POST /resume': { kind: 'unchanged', plan: 'free' }, 'GET /me': ended } })
      await page.getByRole('button', { name: 'Keep subscription' }).click()
      await expect.element(title).not.toBeInTheDocument()
      expect(spoken()).toBe('')
    })

    it('leaves the focus to what stood around it, where it came from nowhere', async () => {
      await show(<main><BillingNotice /><a href="#plan">Plan</a></main>, { notices: [ending] }, { answers: calm })
      await userEvent.tab()
      await userEvent.keyboard('{Enter}')
      await expect.element(title).not.toBeInTheDocument()
      await expect.element(page.getByRole('main')).toHaveFocus()
      await userEvent.tab()
      await expect.element(page.getByRole('link', { name: 'Plan' })).toHaveFocus()
    })

    it('leaves the focus to who has gone on meanwhile', async () => {
      const answers: ((answer: object) => void)[] = []
      const { client } = createBillingServer({
        'POST /resume': () => new Promise((resolve) => answers.push(resolve)), 'GET /me': () => calm['GET /me'],
      }, mockPaidSnapshot({ notices: [ending] }))
      await render(<BillingProvider client={client} live={false}><a href="#plan">Plan</a><BillingNotice /><a href="#usage">Usage</a></BillingProvider>)
      await userEvent.click(page.getByRole('button', { name: 'Keep subscription' }))
      await userEvent.tab()
      answers[0]?.(calm['POST /resume'])
      await expect.element(title).not.toBeInTheDocument()
      await expect.element(page.getByRole('link', { name: 'Usage' })).toHaveFocus()
    })

    it.each([
      ['makes way for another one', true, <BillingNotice key="notice" />],
      ['makes way for the next one in a list', true, <BillingDashboard key="first" sections={['notices']} />],
      ['was the last one in a list', false, <BillingDashboard key="dashboard" sections={['notices']} />],
      ['is gone with what the app shows only while there is one', true, <WhileNoticed key="app" />],
    ])('%s', async (_, isFirst, ui) => {
      const expiring: NoticeView = { kind: 'card-expiring', at: later, brand: 'visa', last4: '4242' }
      await show(<><a href="#plan">Plan</a>{ui}</>, { notices: isFirst ? [ending, expiring] : [expiring, ending] }, {
        answers: { ...calm, 'GET /me': mockPaidSnapshot({ notices: [expiring], entitlementVersion: 3 }) },
      })
      await expect.element(page.getByRole('button', { name: 'Keep subscription' })).toBeVisible()
      await userEvent.tab()
      await page.getByRole('button', { name: 'Keep subscription' }).click()
      await expect.element(title).not.toBeInTheDocument()
      await expect.poll(() => document.activeElement).not.toBe(document.body)
    })
  })

  it('leads to the portal where something has to be paid first, and has no page of its own', async () => {
    const { client, sent, visited } = createBillingServer({
      'POST /resume': () => ({ kind: 'action-required', url: null }), 'POST /portal': () => ({ url: 'https://pay.example.com/portal' }),
      'GET /me': () => mockPaidSnapshot({ notices: [ending] }),
    }, mockPaidSnapshot({ notices: [ending] }))
    await render(<BillingProvider client={client} live={false}><BillingNotice /></BillingProvider>)
    await page.getByRole('button', { name: 'Keep subscription' }).click()
    await expect.poll(() => visited).toEqual(['https://pay.example.com/portal'])
    expect(sent).toEqual([['POST /resume', {}], ['POST /portal', {}]])
    expect(spoken()).toBe('')
  })

  it('opens the portal, by keyboard, and says where that failed', async () => {
    const onRequest = vi.fn()
    const notices: readonly NoticeView[] = [{ kind: 'card-expiring', at: later, brand: 'visa', last4: '4242' }]
    await show(<BillingNotice />, { notices }, { onRequest, answers: { 'POST /portal': {} } })
    await userEvent.tab()
    await expect.element(page.getByRole('button', { name: 'Update card' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('That did not work. Try again.')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Update card' })).toHaveFocus()
    expect(onRequest).toHaveBeenCalledWith('POST /portal', {})
  })

  it('has nothing to press for who may not manage the billing', async () => {
    const { container } = await show(<BillingNotice />, { notices: pastDue, canManageBilling: false })
    await expect.element(page.getByText('Ask who manages billing')).toBeVisible()
    expect(container.querySelector('a, button')).toBeNull()
  })

  it('tells who listens when something becomes critical while they are there, and only then', async () => {
    const client = createMockClient({ snapshot: mockPaidSnapshot({ notices: [ending] }) })
    await render(<BillingProvider client={client} live={false}><BillingNotice /></BillingProvider>)
    expect(spoken()).toBe('')
    client.accept(mockPaidSnapshot({ notices: pastDue, entitlementVersion: 3 }))
    await expect.poll(spoken).toBe('Payment overdue')
    client.accept(mockPaidSnapshot({ notices: [ending], entitlementVersion: 4 }))
    await expect.element(page.getByRole('button', { name: 'Keep subscription' })).toBeVisible()
    expect(spoken()).toBe('Payment overdue')
  })

  it('says nothing aloud of what was there from the beginning', async () => {
    await show(<BillingNotice />, { notices: pastDue })
    await expect.element(page.getByRole('link', { name: 'Pay now' })).toBeVisible()
    expect(spoken()).toBe('')
  })
})

describe('DunningBanner', () => {
  it('speaks of payments alone', async () => {
    const { container } = await show(<DunningBanner />, { notices: [ending] })
    expect(container.querySelector('[data-notice]')).toBeNull()
    await show(<DunningBanner className="mine" />, { notices: [{ kind: 'payments-mismatch', at: null }, ...pastDue] })
    await expect.element(page.getByRole('link', { name: 'Pay now' })).toBeVisible()
    expect(document.querySelector('[data-slot=dunning-banner]')?.className).toBe('mine')
  })

  it('asks to confirm what the bank wants confirmed', async () => {
    await show(<DunningBanner />, { notices: [{ ...failed, kind: 'payment-action-required' }] })
    await expect.element(page.getByRole('link', { name: 'Confirm payment' })).toHaveAttribute('href', 'https://pay.example.com/in_1')
  })
})

describe('TrialCountdown', () => {
  it.each([
    [later, '7 days left in your trial'],
    ['2026-11-21T20:00:00.000Z', 'Last day of your trial'],
  ])('counts days as of the snapshot, to %s', async (endsAt, text) => {
    const { container } = await show(<TrialCountdown />, { status: 'trialing', trial: { endsAt } })
    expect(container.querySelector('[data-slot=trial-countdown]')?.textContent).toBe(text)
    expect(container.querySelector('[data-slot=trial-countdown][aria-live]')).toBeNull()
  })
})

function Kinds(): ReactElement {
  return <p>{useNotices().data?.map(({ notice, action }) => `${notice.kind}: ${action}`).join(', ')}</p>
}

describe('useNotices', () => {
  it('answers each matter once, most pressing first', async () => {
    await show(<Kinds />, { notices: [...pastDue, ending] })
    await expect.element(page.getByText('payment-past-due: pay, cancellation-scheduled: resume')).toBeVisible()
  })
})
