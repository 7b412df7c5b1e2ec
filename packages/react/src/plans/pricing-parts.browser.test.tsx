import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, PricingCalculator, PricingTable } from '../index.ts'
import { BillingMock, mockPlans } from '../testing/index.ts'
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
