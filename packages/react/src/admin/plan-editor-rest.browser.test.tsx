import type { CatalogData, Fault } from '@farebox/core/catalog'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { catalogData, wholeCatalog } from '../../gallery/states/admin.tsx'
import { BillingMock } from '../testing/index.ts'
import { PlanEditor } from './index.ts'

async function show(defaultValue: CatalogData = catalogData, defaultOpen: readonly string[] = []) {
  const edits: { readonly data: CatalogData; readonly faults: readonly Fault[] }[] = []
  await render(
    <BillingMock labels={{ apiCalls: 'API calls' }}>
      <PlanEditor pushed={catalogData} defaultValue={defaultValue} defaultOpen={defaultOpen} onChange={(data, faults) => edits.push({ data, faults })} />
    </BillingMock>,
  )
  await expect.element(page.getByRole('heading', { name: 'Packs, paid once' })).toBeVisible()
  return { edits, last: () => edits.at(-1)! }
}

const changes = () => document.querySelector('[data-slot="plan-editor-changes"]')?.textContent
const undo = page.getByRole('button', { name: 'Undo' })
const button = (name: string) => page.getByRole('button', { name, exact: true })

async function open(name: string): Promise<void> {
  await page.getByText(name, { exact: true }).click()
}

it('edits rate limits of what is metered, with what is wrong at the field', async () => {
  const { last } = await show(catalogData, ['pro'])
  const gates = page.getByRole('textbox', { name: 'API calls, at most' }).first()
  await gates.fill('100/minute, 1000/hour/50')
  expect(last()).toMatchObject({ faults: [], data: { plans: { pro: { gates: { apiCalls: [{ limit: 100, per: 'minute' }, { limit: 1000, per: 'hour', burst: 50 }] } } } } })
  await expect.poll(changes).toContain('Nothing: Stripe would stay as it is.')
  await gates.fill('100/minute, often')
  expect(last().faults.map(({ path }) => path)).toEqual(['plans.pro.gates.apiCalls.1'])
  await expect.element(gates).toHaveAttribute('aria-invalid', 'true')
  await expect.element(gates).toHaveAccessibleDescription(expect.stringContaining('Write a gate as \'100/minute\''))
  await gates.fill('')
  expect(last().data).toEqual(catalogData)
})

it('adds a pack by keyboard, tells what a push makes of it, and takes it away and back', async () => {
  const { last } = await show()
  await page.getByRole('textbox', { name: 'Key of the new pack' }).fill('small')
  await userEvent.keyboard('{Enter}')
  const name = document.querySelector('[data-entry="packs.small"] input')
  await expect.poll(() => document.activeElement).toBe(name)
  expect(last().faults.map(({ path }) => path)).toEqual(['packs.small.price', 'packs.small.grants'])
  await expect.element(page.getByText('Give at least one amount', { exact: true })).toBeVisible()
  const price = page.getByRole('textbox', { name: 'Price, usd' })
  await expect.element(price).toHaveAttribute('aria-invalid', 'true')
  await price.fill('10')
  await page.getByRole('textbox', { name: 'API calls, gives' }).fill('100')
  await page.getByRole('textbox', { name: 'Ends after, in days' }).fill('90')
  await page.getByRole('combobox', { name: 'When it is paid back' }).selectOptions('what it gave stays')
  expect(last()).toEqual({
    faults: [],
    data: { ...catalogData, packs: { small: { name: 'small', price: { currency: 'usd', minor: '1000' }, grants: { apiCalls: 100 }, expiresAfterDays: 90, refunds: 'keep' } } },
  })
  await expect.poll(changes).toContain('MakesThe pack small')
  await page.getByRole('textbox', { name: 'Key of the new pack' }).fill('small')
  await button('Add a pack').click()
  await expect.element(page.getByText('There is a pack of this key.')).toBeVisible()
  await button('Remove the pack small').click()
  expect(last().data).toEqual(catalogData)
  await expect.element(page.getByRole('textbox', { name: 'Key of the new pack' })).toHaveFocus()
  await undo.click()
  expect(last().data.packs).toHaveProperty('small')
})

it('says what a change of the plan does, for each kind and for a pair of plans, and when the portal follows', async () => {
  const { last } = await show()
  await open('Changes of the plan')
  const lower = page.getByRole('combobox', { name: 'To a lower plan' })
  await expect.element(lower).toHaveDisplayValue('at the end of the period')
  await lower.selectOptions('at once, on the next invoice')
  expect(last().data.moves).toEqual({ downgrade: { when: 'now', proration: 'next-invoice' } })
  await expect.poll(changes).toContain('What the billing portal offers')
  await lower.selectOptions('at the end of the period')
  expect(last().data).toEqual(catalogData)

  await page.getByRole('combobox', { name: 'From the plan' }).selectOptions('Team')
  await page.getByRole('combobox', { name: 'To the plan' }).selectOptions('Team')
  await button('Add a rule for two plans').click()
  await expect.element(page.getByText('There is a rule for these two, or they are the same.')).toBeVisible()
  await page.getByRole('combobox', { name: 'To the plan' }).selectOptions('Pro')
  await button('Add a rule for two plans').click()
  await page.getByRole('combobox', { name: 'From Team to Pro' }).selectOptions('at once, invoiced now')
  expect(last().data.moves).toEqual({ pairs: { team: { pro: { when: 'now', proration: 'invoice' } } } })
  await button('Remove the rule from Team to Pro').click()
  await expect.element(page.getByRole('combobox', { name: 'From the plan' })).toHaveFocus()
  expect(last().data).toEqual(catalogData)
})

it('says who has access while something is wrong', async () => {
  const { last } = await show()
  await open('Access while something is wrong')
  await page.getByRole('combobox', { name: 'Not paid after all attempts' }).selectOptions('access for the days of grace')
  const days = page.getByRole('textbox', { name: 'Days of grace' })
  await days.fill('400')
  expect(last().data.lifecycle).toEqual({ access: { unpaid: 'grace' }, graceDays: 400 })
  await expect.element(days).toHaveAccessibleDescription(expect.stringContaining('Give a whole number from 0 to 365'))
  await days.fill('')
  expect(last()).toMatchObject({ faults: [], data: { lifecycle: { access: { unpaid: 'grace' } } } })
})

it('opens what has to be put right, shows what is wrong with what was written elsewhere at its place, and lets it be taken away', async () => {
  const pairs = { team: { gone: { when: 'now' } } } as const
  const { last } = await show({ ...wholeCatalog, moves: { upgrade: { when: 'period-end', proration: 'invoice' }, pairs }, lifecycle: { access: { canceled: 'full' } } })
  await expect.element(page.getByRole('combobox', { name: 'To a higher plan' })).toHaveAccessibleDescription(expect.stringContaining('Nothing is prorated at the end of a period'))
  await expect.element(page.getByRole('combobox', { name: 'From Team to gone' })).toHaveAccessibleDescription(expect.stringContaining('There is no such setting'))
  await button('Remove the rule from Team to gone').click()
  await page.getByRole('combobox', { name: 'To a higher plan' }).selectOptions('at the end of the period')
  await page.getByRole('combobox', { name: 'Canceled' }).selectOptions('no access')
  expect(last().faults).toEqual([])
})
