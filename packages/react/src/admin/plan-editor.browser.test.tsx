import type { CatalogData, Fault } from '@farebox/core/catalog'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { catalogData } from '../../gallery/states/admin.tsx'
import { BillingMock } from '../testing/index.ts'
import { PlanEditor, type PlanEditorProps } from './index.ts'
import '../styles.css'
import '../styles/admin.css'

async function show(props: Partial<PlanEditorProps> = {}, locale = 'en') {
  const edits: { readonly data: CatalogData; readonly faults: readonly Fault[] }[] = []
  await render(
    <BillingMock labels={{ apiCalls: 'API calls' }} locale={locale}>
      <PlanEditor
        {...({ defaultValue: catalogData, ...props } as PlanEditorProps)}
        onChange={(data, faults) => edits.push({ data, faults })}
      />
    </BillingMock>,
  )
  await expect.poll(changes).toBeDefined()
  return { edits, last: () => edits.at(-1)! }
}

const plan = (key: string) => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Move ${catalogData.plans[key]?.name ?? key} up` }) })
const changes = () => document.querySelector('[data-slot="plan-editor-changes"]')?.textContent
const keys = () => [...document.querySelectorAll('[data-entry^="plans."]')].map((element) => element.getAttribute('data-entry')?.slice(6))
const undo = page.getByRole('button', { name: 'Undo' })

describe('PlanEditor', () => {
  it('begins with what was pushed, for which a push does nothing', async () => {
    await show()
    expect(keys()).toEqual(['free', 'pro', 'team'])
    expect(changes()).toContain('Nothing: Stripe would stay as it is.')
    expect(document.querySelector('[data-slot="plan-editor-faults"]')?.textContent).toBe('')
  })

  it('tells the new price that takes the place of the old one, as it is typed', async () => {
    const { last } = await show({ defaultOpen: ['pro'] })
    const price = plan('pro').getByLabelText('Price monthly, usd')
    await expect.element(price).toHaveValue('29')
    await price.fill('35.50')
    expect(last()).toMatchObject({ faults: [], data: { plans: { pro: { prices: { month: { currency: 'usd', minor: '3550' } } } } } })
    await expect.poll(changes).toContain('Pro, monthly: $35.50 in place of $29.00')
    await plan('pro').getByLabelText('Sold yearly').click()
    await expect.poll(changes).toContain('Archives: nobody can buy it any more, subscriptions keep itPro, yearly')
    await plan('pro').getByLabelText('Name').fill('Professional')
    await expect.poll(changes).toContain('The product Professional: name')
  })

  it('takes amounts as people of the locale write them, and never one for another', async () => {
    const { last } = await show({ defaultOpen: ['pro'] }, 'de')
    const price = plan('pro').getByLabelText('Price monthly, usd')
    const month = () => last().data.plans['pro']?.prices?.month
    await price.fill('35,50')
    expect(month()).toEqual({ currency: 'usd', minor: '3550' })
    await price.fill('1.299')
    expect(month()).toEqual({ currency: 'usd', minor: '' })
    await expect.element(price).toHaveAttribute('aria-invalid', 'true')
    await expect.element(price).toHaveValue('1.299')
  })

  it('shows what is wrong at its field, and what a push does only when it is right', async () => {
    const { last } = await show({ defaultOpen: ['pro'] })
    const price = plan('pro').getByLabelText('Price monthly, usd')
    await price.fill('29,5')
    await expect.element(price).toHaveValue('29,5')
    await expect.element(price).toHaveAttribute('aria-invalid', 'true')
    await expect.element(price).toHaveAccessibleDescription(expect.stringContaining('Give money, such as usd(\'29\')'))
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.pro.prices.month'])
    expect(changes()).toContain('Put right what is wrong first.')
    await expect.element(page.getByText('1 thing to put right')).toBeVisible()
    await price.fill('29')
    await expect.element(price).not.toHaveAttribute('aria-invalid')
    await expect.poll(changes).toContain('Nothing: Stripe would stay as it is.')
    const trial = plan('pro').getByLabelText('Trial, in days')
    await trial.fill('two weeks')
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.pro.trialDays'])
    await trial.fill('')
    expect(last().faults).toEqual([])
    expect(last().data.plans['pro']).not.toHaveProperty('trialDays')
  })

  it('edits terms of each kind of feature', async () => {
    const { last } = await show({ defaultOpen: ['pro'] })
    const pro = plan('pro')
    const terms = () => last().data.plans['pro']!.features
    await pro.getByLabelText('API calls, amount').fill('750')
    await pro.getByLabelText('API calls, anew every').selectOptions('week')
    await pro.getByLabelText('API calls, each one beyond, usd').fill('0.005')
    expect(terms()['apiCalls']).toEqual({ kind: 'metered', amount: 750, interval: 'week', overagePrice: { currency: 'usd', minor: '0.5' } })
    await pro.getByLabelText('API calls, unlimited').click()
    expect(terms()['apiCalls']).toEqual({ kind: 'metered', amount: null, interval: 'week', overagePrice: null })
    await pro.getByLabelText('models, value').fill('["tiny"]')
    expect(terms()['models']).toEqual(['tiny'])
    await pro.getByLabelText('models, value').fill('tiny')
    expect(terms()['models']).toBe('tiny')
    await pro.getByLabelText('members, amount').fill('9')
    expect(terms()['members']).toBe(9)
    await pro.getByLabelText('exports', { exact: true }).click()
    expect(terms()).not.toHaveProperty('exports')
    expect(last().faults).toEqual([])
    await pro.getByLabelText('members, as many as are paid for').click()
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.pro.features.members'])
    await pro.getByLabelText('Paid monthly for each seat').click()
    await pro.getByLabelText('Paid yearly for each seat').click()
    expect(last().faults).toEqual([])
  })

  it('adds a currency, which needs a price', async () => {
    const { last } = await show({ defaultOpen: ['team'] })
    const team = plan('team')
    await team.getByLabelText('Currencies').fill('usd, eur')
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.team.prices.month.tiers.0.each.1', 'plans.team.prices.month.tiers.1.each.1'])
    await team.getByLabelText('Seat monthly, eur, tier 1').fill('11')
    await team.getByLabelText('Seat monthly, eur, tier 2').fill('8')
    expect(last().faults).toEqual([])
    await expect.poll(changes).toContain('€')
  })

  it('adds a plan and goes on in it, and takes no key twice', async () => {
    const { last } = await show()
    const key = page.getByLabelText('Key of the new plan')
    await key.fill('pro')
    await userEvent.keyboard('{Enter}')
    await expect.element(key).toHaveAccessibleDescription(expect.stringContaining('There is a plan of this key.'))
    await key.fill('max')
    await userEvent.keyboard('{Enter}')
    const name = plan('max').getByLabelText('Name')
    await expect.element(name).toHaveFocus()
    await userEvent.keyboard('{Control>}a{/Control}Max')
    const max = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Move Max up' }) })
    await max.getByLabelText('Sold monthly').click()
    await max.getByLabelText('Price monthly, usd').fill('99')
    expect(last()).toMatchObject({ faults: [], data: { plans: { max: { name: 'Max', prices: { month: { currency: 'usd', minor: '9900' } } } } } })
    expect(keys()).toEqual(['free', 'pro', 'team', 'max'])
    await expect.poll(changes).toContain('Max, monthly: $99.00')
  })

  it('moves and removes plans by keyboard, keeps the focus, and undoes it all step by step', async () => {
    const { last } = await show()
    const down = page.getByRole('button', { name: 'Move Pro down' })
    down.element().focus()
    await userEvent.keyboard('{Enter}')
    expect(keys()).toEqual(['free', 'team', 'pro'])
    await expect.element(down).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    expect(keys()).toEqual(['free', 'team', 'pro'])
    await page.getByRole('button', { name: 'Remove Pro' }).click()
    expect(keys()).toEqual(['free', 'team'])
    await expect.element(page.getByLabelText('Key of the new plan')).toHaveFocus()
    await expect.poll(changes).toContain('The product of Pro, which the catalog no longer has')
    expect(document.querySelector('[data-slot="billing-announcer"]')?.textContent).toBe('Pro was removed. Undo brings it back.')
    await undo.click()
    expect(keys()).toEqual(['free', 'team', 'pro'])
    await undo.click()
    expect(last().data).toEqual(catalogData)
    expect(keys()).toEqual(['free', 'pro', 'team'])
    await expect.element(undo).toHaveAttribute('aria-disabled', 'true')
  })

  it('undoes a word at once, not letter by letter', async () => {
    const { last } = await show({ defaultOpen: ['pro'] })
    const name = plan('pro').getByLabelText('Name')
    await name.click()
    await userEvent.keyboard('{Control>}a{/Control}Plus')
    expect(last().data.plans['pro']?.name).toBe('Plus')
    await undo.click()
    expect(last().data).toEqual(catalogData)
  })

  it('shows what the app keeps, when the app keeps it', async () => {
    const onChange = vi.fn()
    function Kept({ keeps }: { readonly keeps: boolean }) {
      const [data, setData] = useState(catalogData)
      return (
        <BillingMock>
          <PlanEditor value={data} defaultOpen={['pro']} onChange={(next) => (keeps ? setData(next) : onChange(next))} />
        </BillingMock>
      )
    }
    const { rerender } = await render(<Kept keeps={false} />)
    const name = plan('pro').getByLabelText('Name')
    await name.fill('Plus')
    expect(onChange).toHaveBeenCalled()
    await expect.element(name).toHaveValue('Pro')
    await rerender(<Kept keeps />)
    await name.fill('Plus')
    await expect.element(page.getByRole('button', { name: 'Remove Plus' })).toBeVisible()
  })

  it('copies the text of the catalog file, and says so when it cannot', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('denied')).mockResolvedValueOnce()
    await show()
    await page.getByText('As the catalog file').click()
    const copy = page.getByRole('button', { name: 'Copy' })
    await copy.click()
    await expect.element(page.getByText('Could not copy. Select the text instead.').first()).toBeVisible()
    await copy.click()
    await expect.element(page.getByText('Copied', { exact: true }).first()).toBeVisible()
    expect(write.mock.lastCall?.[0]).toContain('export const catalog = defineCatalog({\n  features: {')
    write.mockRestore()
  })
})
