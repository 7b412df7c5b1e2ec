import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { billingStates, stillClient } from '../../test/billing-states.tsx'
import { arabic } from '../locales/ar.ts'
import { mockPaidSnapshot, mockSnapshot } from '../testing/mock-snapshot.ts'
import { BillingPeriod, BillingProvider, PlanBadge } from '../index.ts'

async function show(name: string): Promise<{ badge: Element | null; period: Element | null }> {
  const state = billingStates[name]
  if (state === undefined) throw new Error(`No state ${name}`)
  const { container } = await render(await state())
  return {
    badge: container.querySelector('[data-slot=plan-badge]'),
    period: container.querySelector('[data-slot=billing-period]'),
  }
}

describe('PlanBadge and BillingPeriod', () => {
  it.each([
    ['loading', 'Loading…', 'Loading…'],
    ['failed', 'Could not load. Try again', 'Could not load. Try again'],
    ['stale', 'Free, outdated', 'no subscription, outdated'],
    ['unused', 'Free', 'no subscription'],
    ['paid', 'Pro', 'Nov 21, 2026 – Dec 21, 2026, then renews'],
    ['past due', 'Pro, past due', 'Nov 21, 2026 – Dec 21, 2026, then renews'],
    ['cancellation scheduled', 'Pro', 'Nov 21, 2026 – Dec 5, 2026, then ends'],
  ])('say what holds, %s', async (name, plan, dates) => {
    const { badge, period } = await show(name)
    expect(badge?.textContent).toBe(plan)
    expect(period?.textContent).toBe(dates)
  })

  it('set words apart as their language does', async () => {
    const { container } = await render(
      <BillingProvider client={stillClient(mockPaidSnapshot({ status: 'past_due' }))} locale="ar" messages={arabic}>
        <PlanBadge />
      </BillingProvider>,
    )
    expect(container.textContent).toMatch(/^Pro، \p{Script=Arabic}/u)
  })

  it('forget a subscription that has ended', async () => {
    const { container } = await render(
      <BillingProvider client={stillClient(mockPaidSnapshot({ plan: 'free', planName: 'Free', status: 'canceled' }))}>
        <PlanBadge />
        <BillingPeriod />
      </BillingProvider>,
    )
    expect(container.textContent).toBe('Freeno subscription')
  })

  it('take props and other elements', async () => {
    await render(
      <BillingProvider client={stillClient(mockSnapshot())}>
        <PlanBadge className="mine" title="Your plan" />
        <BillingPeriod render={(props, { status }) => <section {...props} aria-label={status} />} />
      </BillingProvider>,
    )
    await expect.element(page.getByTitle('Your plan')).toHaveClass('mine')
    await expect.element(page.getByTitle('Your plan')).toHaveAttribute('data-plan', 'free')
    await expect.element(page.getByRole('region', { name: 'success' })).toHaveTextContent('no subscription')
  })
})
