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
