import type { CatalogData, Fault } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { catalogData, wholeCatalog } from '../../gallery/states/admin.tsx'
import { BillingMock } from '../testing/index.ts'
import { PlanEditor, type PlanEditorProps } from './index.ts'
import { planEditorGerman } from './locales/de.ts'

async function show(defaultValue: CatalogData = catalogData, props: Partial<PlanEditorProps> = {}, locale = 'en') {
  const edits: { readonly data: CatalogData; readonly faults: readonly Fault[] }[] = []
  await render(
    <BillingMock locale={locale} labels={{ apiCalls: 'API calls' }}>
      <PlanEditor {...({ pushed: defaultValue, defaultValue, ...props } as PlanEditorProps)} onChange={(data, faults) => edits.push({ data, faults })} />
    </BillingMock>,
  )
  await expect.poll(changes).toBeDefined()
  return { edits, last: () => edits.at(-1)! }
}

const changes = () => document.querySelector('[data-slot="plan-editor-changes"]')?.textContent
const announced = () => document.querySelector('[data-slot="billing-announcer"]')?.textContent
const entry = (path: string) => document.querySelector<HTMLElement>(`li[data-entry="${path}"]`)
const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const choice = (name: string) => page.getByRole('combobox', { name, exact: true })
const box = (name: string) => page.getByRole('checkbox', { name, exact: true })

describe('features', () => {
  it('adds one by keyboard, says what it lacks, and offers it to every plan', async () => {
    const { last } = await show(catalogData, { defaultOpen: ['pro'] })
    await field('Key of the new feature').fill('renders')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => document.activeElement?.getAttribute('name')).toBe('features.renders.unit')
    expect(last().faults.map(({ path }) => path)).toEqual(['features.renders.unit'])
    await userEvent.keyboard('render')
    expect(last()).toMatchObject({
      faults: [], data: { features: { renders: { kind: 'metered', unit: 'render', anchor: 'customer', onError: 'deny', acceptLossy: false, lease: null } } },
    })
    await box('renders').first().click()
    await field('renders, amount').fill('40')
    expect(last().data.plans['pro']?.features['renders']).toMatchObject({ kind: 'metered', amount: 40 })
    await field('Key of the new feature').fill('renders')
    await button('Add a feature').click()
    await expect.element(field('Key of the new feature')).toHaveAccessibleDescription(expect.stringContaining('There is a feature of this key.'))
    await field('Key of the new feature').fill('Renders now')
    await choice('Kind').selectOptions('on or off')
    await button('Add a feature').click()
    expect(last().faults.map(({ path }) => path)).toEqual(['features.Renders now'])
    await expect.element(page.getByText('Begin the name with a small letter', { exact: false }).first()).toBeVisible()
  })

  it('removes one with all that the catalog says of it, tells so, and undoes it in one step', async () => {
    const { last } = await show(wholeCatalog)
    await button('Remove the feature API calls').click()
    expect(announced()).toBe('API calls was removed, from all plans and packs too. Undo brings it back.')
    await expect.element(field('Key of the new feature')).toHaveFocus()
    const { data, faults } = last()
    expect(JSON.stringify(data)).not.toContain('apiCalls')
    expect(Object.keys(data.plans)).toEqual(['free', 'pro', 'team'])
    expect(faults.map(({ path }) => path)).toEqual(['packs.small.grants', 'packs.large.grants'])
    await button('Undo').click()
    expect(last()).toEqual({ data: wholeCatalog, faults: [] })
    expect(Object.keys(last().data.features)).toEqual(Object.keys(wholeCatalog.features))
  })

  it('edits what a feature says of itself, with what is wrong at its field', async () => {
    const { last } = await show()
    const feature = () => last().data.features['apiCalls']
    entry('features.apiCalls')?.querySelector('summary')?.click()
    await field('Unit').fill('request')
    await choice('Its periods begin with').selectOptions('the calendar, in UTC')
    await choice('When nobody can decide').first().selectOptions('allow')
    await box('May be kept where counts can be lost').first().click()
    await box('Instances take usage ahead, in blocks').click()
    expect(feature()).toEqual({ kind: 'metered', unit: 'request', anchor: 'calendar', onError: 'allow', acceptLossy: true, lease: { most: 1000, idle: 1000 } })
    await field('Most in a block').fill('1')
    expect(last().faults.map(({ path }) => path)).toEqual(['features.apiCalls.lease.most'])
    await expect.element(field('Most in a block')).toHaveAttribute('aria-invalid', 'true')
    await field('Most in a block').fill('50')
    expect(last()).toMatchObject({ faults: [], data: { features: { apiCalls: { lease: { most: 50, idle: 1000 } } } } })
    await expect.poll(changes).toContain('Nothing: Stripe would stay as it is.')
  })

  it('shows what a plan says of a feature that there is not, and lets it be taken away', async () => {
    const { pro } = catalogData.plans
    const plans = { ...catalogData.plans, pro: { ...pro!, features: { ...pro!.features, gone: true } } }
    const { last } = await show({ ...catalogData, plans })
    const gone = box('gone')
    await expect.element(gone).toBeVisible()
    await gone.click()
    expect(last()).toEqual({ data: catalogData, faults: [] })
  })
})

describe('prices', () => {
  it('makes tiers of a price per seat, counts them in either way, and takes them back', async () => {
    const { last } = await show(catalogData, { defaultOpen: ['team'] })
    const price = () => last().data.plans['team']?.prices?.month
    await button('Add a tier, monthly').click()
    expect(price()).toMatchObject({ mode: 'graduated', tiers: [{ upTo: 10 }, { upTo: 20, each: { minor: '900' } }, { upTo: null, each: { minor: '900' } }] })
    await field('Seat monthly, usd, tier 3').fill('7')
    await choice('Tiers monthly').selectOptions('all seats by the tier of their number')
    await expect.poll(changes).toContain(
      'Team, monthly: $12.00 to seat 10 · $9.00 to seat 20 · $7.00 beyond, volume tiers, 2 seats at least' +
        ' in place of $12.00 to seat 10 · $9.00 beyond, graduated tiers, 2 seats at least',
    )
    await field('Last seat monthly, tier 2').fill('5')
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.team.prices.month.tiers.1.upTo'])
    await button('Remove the last tier, monthly').click()
    expect(last()).toMatchObject({ faults: [], data: { plans: { team: { prices: { month: { mode: 'volume', tiers: [{ upTo: 10 }, { upTo: null }] } } } } } })
    await button('Remove the last tier, monthly').click()
    expect(price()).toEqual({ kind: 'seat-price', mode: null, minimum: 2, tiers: [{ upTo: null, each: { currency: 'usd', minor: '1200' } }] })
    await expect.element(button('Remove the last tier, monthly')).not.toBeInTheDocument()
  })

  it('keeps prices while a currency is typed over, and says a currency once', async () => {
    const { edits, last } = await show(catalogData, { defaultOpen: ['pro'] })
    const currencies = field('Currencies')
    currencies.element().focus()
    await userEvent.keyboard('{End}{Backspace}{Backspace}')
    await expect.element(currencies).toHaveValue('u')
    await userEvent.keyboard('sd, usd, e')
    expect(edits).toEqual([])
    await userEvent.keyboard('ur')
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.pro.prices.month.1', 'plans.pro.prices.year.1'])
    expect(last().data.plans['pro']?.prices?.month).toEqual([{ currency: 'usd', minor: '2900' }, { currency: 'eur', minor: '' }])
    await userEvent.keyboard('{Tab}')
    await expect.element(currencies).toHaveValue('usd, eur')
    await currencies.fill('usd')
    expect(last()).toEqual({ data: catalogData, faults: [] })
    await currencies.fill('')
    expect(last()).toEqual({ data: catalogData, faults: [] })
    await userEvent.keyboard('{Tab}')
    await expect.element(currencies).toHaveValue('usd')
  })

  it('tells that only the way tiers count has changed', async () => {
    await show(catalogData, { defaultOpen: ['team'] })
    await choice('Tiers monthly').selectOptions('all seats by the tier of their number')
    await expect.poll(changes).toMatch(/volume tiers, 2 seats at least in place of .*graduated tiers/)
  })

  it('sells a pack in another currency, and tells what it cost before and that nothing is taken off sale', async () => {
    const { last } = await show(wholeCatalog)
    entry('packs.small')?.querySelector('summary')?.click()
    const small = page.elementLocator(entry('packs.small')!)
    await small.getByRole('textbox', { name: 'Currencies' }).fill('usd, eur')
    expect(last().faults.map(({ path }) => path)).toEqual(['packs.small.price.1'])
    await small.getByRole('textbox', { name: 'Price, eur' }).fill('9')
    expect(last()).toMatchObject({ faults: [], data: { packs: { small: { price: [{ currency: 'usd', minor: '1000' }, { currency: 'eur', minor: '900' }] } } } })
    await expect.poll(changes).toContain('The pack Small pack: $10.00 / €9.00 in place of $10.00')
    expect(changes()).not.toContain('Archives')
    await button('Remove the pack Small pack').click()
    await expect.poll(changes).toMatch(/Archives.*The pack Small pack/)
  })
})

describe('plans', () => {
  it('has one default at a time', async () => {
    const { last } = await show(catalogData, { defaultOpen: ['team'] })
    await box('Default: everybody has it who has no other').click()
    expect(Object.entries(last().data.plans).map(([key, plan]) => [key, plan.default])).toEqual([['free', undefined], ['pro', undefined], ['team', true]])
    expect(last().faults.map(({ path }) => path)).toEqual(['plans.team.prices'])
    await button('Undo').click()
    expect(last()).toEqual({ data: catalogData, faults: [] })
  })

  it('takes the rules for changes along with a plan, and leaves those of others', async () => {
    const pairs = { team: { pro: { when: 'now' }, free: { when: 'now' } }, pro: { free: { when: 'now' } } } as const
    const { last } = await show({ ...wholeCatalog, moves: { pairs } })
    await button('Remove Pro').click()
    expect(last()).toMatchObject({ faults: [], data: { moves: { pairs: { team: { free: { when: 'now' } } } } } })
    expect(last().data.moves?.pairs).toEqual({ team: { free: { when: 'now' } } })
    await button('Remove Team').click()
    expect(last().data).not.toHaveProperty('moves')
  })
})

it('speaks another language, also of what is wrong and of what a push does', async () => {
  await show(catalogData, { defaultOpen: ['pro'], messages: planEditorGerman }, 'de-DE')
  await field('Preis monatlich, usd').fill('35,50')
  await expect.poll(changes).toContain('Pro, monatlich: 35,50\u00A0$ statt 29,00\u00A0$')
  await field('Testphase, in Tagen').fill('900')
  await expect.element(field('Testphase, in Tagen')).toHaveAccessibleDescription('Geben Sie eine ganze Zahl von 0 bis 730 ein.')
  await expect.element(page.getByText('1 Fehler zu beheben')).toBeVisible()
  expect(changes()).toContain('Beheben Sie zuerst, was nicht stimmt.')
})

it.each([undefined, 2, 5] as const)('has its headings at the level of the page: %s', async (level) => {
  await show(wholeCatalog, { pushed: { ...wholeCatalog, packs: {} }, ...(level && { level }) })
  const [own, below] = [level ?? 3, (level ?? 3) + 1]
  expect([...document.querySelectorAll('[data-slot=plan-editor] :is(h1, h2, h3, h4, h5, h6)')].map(({ localName }) => localName)).toEqual([
    ...Array(5).fill(`h${own}`), `h${below}`,
  ])
})
