import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { PricingCalculator } from '../index.ts'
import { BillingMock, mockPlans } from '../testing/index.ts'
import '../styles.css'

afterEach(() => page.viewport(414, 896))

it('stays within a narrow page, however long the names of plans are', async () => {
  await page.viewport(320, 800)
  const { plans } = mockPlans()
  const long = { ...mockPlans(), plans: plans.map((plan) => ({ ...plan, name: 'Donaudampfschifffahrtsgesellschaftskapitänstarif' })) }
  const { container } = await render(<BillingMock><PricingCalculator plans={long} /></BillingMock>)
  await expect.element(page.getByRole('combobox', { name: 'Plan' })).toBeVisible()
  const beyond = [...container.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > 320)
  expect(beyond).toEqual([])
})

it('keeps the room of what comes while it is loading', async () => {
  const { container } = await render(
    <>
      <BillingMock server="loading"><PricingCalculator interval="year" /></BillingMock>
      <BillingMock><PricingCalculator interval="year" /></BillingMock>
    </>,
  )
  await expect.element(page.getByRole('combobox', { name: 'Plan' })).toBeVisible()
  const [loading = 0, loaded = 0] = [...container.querySelectorAll('[data-slot=pricing-calculator]')].map((one) => one.getBoundingClientRect().height)
  expect(Math.abs(loading - loaded)).toBeLessThan(48)
})
