import { expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { catalogData } from '../../gallery/states/admin.tsx'
import { BillingMock } from '../testing/index.ts'
import { PlanEditor } from './index.ts'

const network = vi.hoisted(() => ({ isDown: true }))
vi.mock(import('./load-catalog-parts.ts'), async (original) => {
  const { loadCatalogParts } = await original()
  return { loadCatalogParts: async () => (network.isDown ? Promise.reject(new Error('No network')) : loadCatalogParts()) }
})

it('edits plans where the rest could not be loaded, says so, and loads it when it is asked again', async () => {
  await render(
    <BillingMock>
      <PlanEditor defaultValue={catalogData} defaultOpen={['pro']} />
    </BillingMock>,
  )
  await expect.element(page.getByRole('alert')).toHaveTextContent('Rate limits, packs and rules could not be loaded. Try again')
  await expect.element(page.getByLabelText('Price monthly, usd').first()).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByRole('alert')).toBeVisible()
  network.isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByRole('heading', { name: 'Packs, paid once' })).toBeVisible()
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
})
