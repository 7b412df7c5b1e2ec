import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { PricingTable } from '../index.ts'
import { BillingMock, mockPlans } from '../testing/index.ts'
import '../styles.css'

afterEach(() => page.viewport(800, 600))

function matrix() {
  return (
    <BillingMock labels={{ apiCalls: 'Calls of the programming interface, counted by month' }}>
      <PricingTable layout="matrix" plans={mockPlans()} contactUrl="mailto:sales@example.com" />
    </BillingMock>
  )
}

it.each([1200, 320])('has columns of one width, %i wide', async (width) => {
  await page.viewport(width, 600)
  await render(matrix())
  await expect.element(page.getByRole('columnheader').nth(3)).toBeVisible()
  const widths = page.getByRole('columnheader').elements().map((head) => Math.round(head.getBoundingClientRect().width))
  expect(widths).toHaveLength(4)
  expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1)
  expect(widths[0]).toBeGreaterThanOrEqual(144)
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})

it('names each column after its plan alone: it is heard with each cell', async () => {
  await render(matrix())
  for (const name of ['Free', 'Pro', 'Enterprise']) await expect.element(page.getByRole('columnheader', { name, exact: true })).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Start free trial' })).toBeVisible()
  expect(page.getByRole('columnheader').getByRole('button').elements()).toEqual([])
})

it.each([1200, 320])('has names, prices and buttons each at one height, %i wide', async (width) => {
  await page.viewport(width, 600)
  await render(matrix())
  await expect.element(page.getByRole('columnheader').nth(3)).toBeVisible()
  for (const slot of ['plan-amount', 'plan-action']) {
    const tops = [...document.querySelectorAll(`[data-slot=${slot}]`)].map((part) => Math.round(part.getBoundingClientRect().top))
    expect(tops).toHaveLength(3)
    expect(new Set(tops).size).toBe(1)
  }
})
