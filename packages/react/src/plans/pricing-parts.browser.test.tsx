import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingPeriod, BillingProvider, CreditBalance, CreditLedger, PlanChangePreview, PricingCalculator, PricingTable, UpcomingBill } from '../index.ts'
import { BillingMock, mockPaidSnapshot, mockPlans, mockSnapshot } from '../testing/index.ts'
import '../styles.css'

const { plans } = mockPlans()
const unauthenticated = { 'GET /me': () => Response.json({ type: '/problems/unauthenticated', title: '', status: 401 }, { status: 401 }) }

function amounts(): readonly (string | null)[] {
  return [...document.querySelectorAll('[data-slot=plan-amount]')].map(({ textContent }) => textContent)
}

it('says what is for nothing in the currency of the others, and what is agreed upon in words', async () => {
  await render(<BillingMock><PricingTable plans={{ plans }} currency="eur" /></BillingMock>)
  expect(amounts()).toEqual(['€0', '€27', 'Custom'])
})

it('says in words that a plan is free where nothing has a price', async () => {
  const [free] = plans
  await render(<BillingMock><PricingTable plans={{ plans: free ? [free] : [] }} /></BillingMock>)
  expect(amounts()).toEqual(['Free'])
})

it('leads somebody who is not signed in to the plan that everybody has', async () => {
  const { client } = createBillingServer(unauthenticated)
  await render(<BillingProvider client={client} live={false}><PricingTable plans={{ plans }} signInUrl="/sign-in" /></BillingProvider>)
  await expect.element(page.getByRole('link', { name: 'Choose Free' })).toHaveAttribute('href', '/sign-in')
})

it.each(['en', 'ar'])('writes an amount in one line, however long it is and however narrow its card, %s', async (locale) => {
  const long = { amount: 129_900, currency: 'kwd', tiers: null }
  const month = { ...long, perSeat: false, minimum: 1, tiersMode: null, options: [long] }
  const answer = { plans: plans.map((plan) => (plan.key === 'pro' ? { ...plan, prices: { month } } : plan)) }
  const { container } = await render(
    <BillingMock locale={locale} answers={{ 'GET /plans': answer }}>
      <div style={{ inlineSize: '184px' }}><PricingTable /><PricingCalculator /></div>
      <div style={{ inlineSize: '728px' }}><PricingTable /><PricingTable layout="matrix" /></div>
    </BillingMock>,
  )
  await expect.poll(() => container.querySelectorAll('[data-slot=plan-amount]').length).toBe(10)
  for (const amount of container.querySelectorAll('[data-slot=plan-amount]')) {
    const { lineHeight } = getComputedStyle(amount)
    expect(amount.getBoundingClientRect().height).toBeLessThan(Number.parseFloat(lineHeight) * 1.5)
  }
})

it('tears no word of what a plan gives, however narrow its card', async () => {
  const { container } = await render(
    <BillingMock labels={{ members: 'Team members' }}><div style={{ inlineSize: '168px' }}><PricingTable plans={{ plans }} /></div></BillingMock>,
  )
  const given = [...container.querySelectorAll('[data-slot=plan-features] dd')].filter(({ textContent }) => textContent === 'Unlimited')
  expect(given.length).toBeGreaterThan(0)
  for (const text of given) expect(text.getBoundingClientRect().height).toBeLessThan(Number.parseFloat(getComputedStyle(text).lineHeight) * 1.5)
})

/** Where a text of an element stands. */
function placeOf(element: Element | null, text: string): DOMRect {
  const node = element?.firstChild
  const start = node?.textContent?.indexOf(text) ?? -1
  const range = new Range()
  range.setStart(node!, start)
  range.setEnd(node!, start + text.length)
  return range.getBoundingClientRect()
}

it('says amounts in their own direction, and begins where the card does, where all else runs from right to left', async () => {
  const grants = [{
    id: 'g', feature: 'apiCalls', amount: 110, used: 0, remaining: 110, priority: 0, effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt: null,
  }]
  const { container } = await render(
    <div dir="rtl" style={{ inlineSize: '300px' }}>
      <BillingMock snapshot={mockSnapshot({ grants })}><PricingTable plans={{ plans }} /><PricingTable plans={{ plans }} layout="matrix" /><UpcomingBill /><CreditBalance /><CreditLedger /></BillingMock>
    </div>,
  )
  for (const [slot, number] of [['plan-features] dd', '5'], ['pricing-matrix] tbody td', '5'], ['credit-amount]', '110'], ['credit-ledger-left]', '110']] as const) {
    const text = container.querySelector(`[data-slot=${slot}`)
    expect(placeOf(text, number).right).toBeLessThan(placeOf(text, 'calls').left)
  }
  const [price, per] = [...container.querySelectorAll('[data-plan=pro] [data-slot=plan-price] > span')].map((part) => part.getBoundingClientRect())
  expect(price?.right).toBeLessThan(per?.left ?? 0)
  await expect.element(page.getByText('$29.00').first()).toBeVisible()
  const expiry = container.querySelector('[data-slot=credit-ledger-expiry]')
  expect(placeOf(expiry, 'No').left).toBeCloseTo(expiry?.getBoundingClientRect().left ?? 0, 0)
  const amount = container.querySelector('[data-slot=upcoming-amount]')
  expect(placeOf(amount, '$29.00').right).toBeCloseTo(amount?.getBoundingClientRect().right ?? 0, 0)
})

it('says what a change costs and takes in its own direction as well: a minus stands before its amount, a number before what it counts', async () => {
  const terms = { kind: 'metered', limit: 500, unit: 'call', interval: 'month', overage: null } as const
  const snapshot = mockPaidSnapshot({ entitlements: { apiCalls: { terms, source: 'subscription', onError: 'deny' } } })
  const { container } = await render(
    <div dir="rtl" style={{ inlineSize: '200px' }}>
      <BillingMock snapshot={snapshot}><BillingPeriod /><PlanChangePreview plan="free" /></BillingMock>
    </div>,
  )
  await expect.element(page.getByText('-$29.00')).toBeVisible()
  const amount = page.getByText('-$29.00').element()
  expect(placeOf(amount, '-').right).toBeLessThan(placeOf(amount, '29').left)
  await expect.poll(() => container.querySelector('del')).not.toBeNull()
  for (const tag of ['del', 'ins']) {
    const text = container.querySelector(`[data-feature=apiCalls] ${tag}`)
    expect(placeOf(text, '5').right).toBeLessThan(placeOf(text, 'calls').left)
  }
  const period = container.querySelector('[data-slot=billing-period]')
  expect(placeOf(period, 'renews').right).toBeCloseTo(period?.getBoundingClientRect().right ?? 0, 0)
})
