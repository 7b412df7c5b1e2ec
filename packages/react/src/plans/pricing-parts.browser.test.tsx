import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, PricingTable } from '../index.ts'
import { BillingMock, mockPlans } from '../testing/index.ts'

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
