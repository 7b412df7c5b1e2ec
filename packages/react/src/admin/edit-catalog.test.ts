import { type CatalogData, defineCatalog } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import {
  currenciesOf, priceDataOf, priceFormOf, readMoney, withCurrencies, withPlan, withPlanMoved, withPrice, withTerms, writeMoney,
} from './edit-catalog.ts'
import { writeCatalogFile } from './write-catalog-file.ts'

const usd = (minor: string) => ({ currency: 'usd', minor })
const eur = (minor: string) => ({ currency: 'eur', minor })

const data: CatalogData = {
  features: { 'api-calls': { kind: 'metered', onError: 'deny', unit: 'call', anchor: 'customer', acceptLossy: false, lease: null } },
  plans: {
    free: { name: 'Free "for all": a {', default: true, features: {} },
    pro: { name: 'Pro', prices: { month: usd('2900') }, features: { 'api-calls': { kind: 'metered', amount: 5, interval: 'month', overagePrice: null } } },
    team: {
      name: 'Team',
      prices: { month: { kind: 'seat-price', mode: 'graduated', minimum: 2, tiers: [{ upTo: 5, each: usd('900') }, { upTo: null, each: usd('700') }] } },
      features: {},
    },
  },
}

describe('money', () => {
  it.each([
    ['29', 'usd', '2900', '29'],
    ['29.5', 'usd', '2950', '29.50'],
    ['0.001', 'usd', '0.1', '0.001'],
    ['0.05', 'usd', '5', '0.05'],
    ['1200', 'jpy', '1200', '1200'],
    ['1.234', 'kwd', '1234', '1.234'],
    [' 7 ', 'usd', '700', '7'],
  ])('reads %s %s as %s and writes %s', (text, currency, minor, written) => {
    expect(readMoney(text, currency, 'en')).toEqual({ currency, minor })
    expect(writeMoney({ currency, minor }, 'en')).toBe(written)
    expect(readMoney(written, currency, 'en')).toEqual({ currency, minor })
  })

  it.each(['', '29,5', '1,299', '1,299.00', 'free', '-1', '−1', '1e3', '1234567890123', '$29.00', '29 €', '29.', '.5', '1.2.3', '0x1F', '½', '29²'])('has nothing for %j', (text) => {
    expect(readMoney(text, 'usd', 'en')).toEqual({ currency: 'usd', minor: '' })
    expect(writeMoney({ currency: 'usd', minor: '' }, 'en')).toBe('')
  })

  it.each([
    ['de', '29,5', '29,50'],
    ['es', '29,50', '29,50'],
    ['fr', '29,5', '29,50'],
    ['ja', '29.5', '29.50'],
    ['ja', '２９．５', '29.50'],
    ['de-CH', '29.5', '29.50'],
    ['ar', '29.5', '29.50'],
    ['ar-EG', '٢٩٫٥', '29.50'],
    ['fa', '29.5', '29.50'],
  ])('reads in %s %s, and writes %s', (locale, text, written) => {
    expect(readMoney(text, 'usd', locale)).toEqual(usd('2950'))
    expect(writeMoney(usd('2950'), locale)).toBe(written)
    expect(readMoney(written, 'usd', locale)).toEqual(usd('2950'))
  })

  it.each([
    ['de', '1.234'], ['de', '29.50'], ['de', '1.234,50'], ['es', '1.234'], ['fr', '29.5'], ['fr', '1\u202F234,50'], ['de', '1,234,5'], ['de-CH', '1’234.50'], ['de-CH', '29,5'],
    ['en', '29,5'], ['ja', '1,234'], ['de', '29,50 €'], ['ar-EG', '١٬٢٣٤'],
  ])('takes in %s %j for no amount rather than for another one', (locale, text) => {
    expect(readMoney(text, 'usd', locale)).toEqual(usd(''))
  })

  it('reads what it writes, in every language and currency, to the last digit', () => {
    const minors = ['0', '1', '10', '99', '100', '1000', '1234567', '100000000000', '999999999999', '0.1', '12.345', '0.000000000001']
    for (const locale of ['en', 'de', 'es', 'fr', 'ja', 'ar', 'ar-EG', 'de-CH', 'hi', 'pt-BR', 'sv']) {
      for (const currency of ['usd', 'jpy', 'kwd', 'isk']) {
        for (const minor of minors) expect(readMoney(writeMoney({ currency, minor }, locale), currency, locale)).toEqual({ currency, minor })
      }
    }
  })
})

describe('prices', () => {
  it.each([
    usd('2900'),
    [usd('2900'), eur('2700')],
    { kind: 'seat-price', mode: null, tiers: [{ upTo: null, each: usd('900') }], minimum: 3 },
    data.plans['team']!.prices!.month!,
  ] as const)('go through a form unchanged: %j', (price) => {
    expect(priceDataOf(priceFormOf(price))).toEqual(price)
  })

  it('keep what is known when a currency is added, and forget what is taken away', () => {
    const both = withCurrencies(data.plans['team']!, ['usd', 'eur'])
    expect(currenciesOf(both)).toEqual(['usd', 'eur'])
    expect(both.prices?.month).toMatchObject({ tiers: [{ each: [usd('900'), eur('')] }, { each: [usd('700'), eur('')] }] })
    expect(withCurrencies(both, ['usd'])).toEqual(data.plans['team'])
  })

  it('take the price of overage along to a currency that is sold, where it is still to be said', () => {
    const metered = { kind: 'metered', amount: 5, interval: 'month' } as const
    const plan = { ...data.plans['pro']!, features: { 'api-calls': { ...metered, overagePrice: usd('10') }, models: ['usd'], team: 'paid' } }
    expect(withCurrencies(plan, ['eur', 'usd']).features).toEqual(plan.features)
    expect(withCurrencies(plan, ['eur', 'gbp'])).toMatchObject({ features: { ...plan.features, 'api-calls': { ...metered, overagePrice: eur('') } } })
  })

  it('come and go, monthly first', () => {
    const pro = data.plans['pro']!
    const yearly = withPrice(pro, 'year', priceFormOf(usd('29000')))
    expect(Object.keys(yearly.prices!)).toEqual(['month', 'year'])
    expect(withPrice(withPrice(yearly, 'month', undefined), 'year', undefined)).not.toHaveProperty('prices')
    expect(pro.prices).toEqual({ month: usd('2900') })
  })
})

it('takes the gates of a feature away with it', () => {
  const gated = { ...data.plans['pro']!, gates: { 'api-calls': ['9/minute'] as const } }
  expect(withTerms(gated, 'api-calls', undefined)).toEqual({ name: 'Pro', prices: gated.prices, features: {} })
  expect(withTerms(gated, 'api-calls', 7)).toEqual({ ...gated, features: { 'api-calls': 7 } })
  expect(withTerms({ ...gated, gates: { ...gated.gates, other: ['1/day'] } }, 'api-calls', undefined).gates).toEqual({ other: ['1/day'] })
})

function order(of: CatalogData): readonly string[] {
  return Object.keys(of.plans)
}

describe('plans', () => {
  it('change places, and stay at the ends', () => {
    expect(order(withPlanMoved(data, 'pro', 1))).toEqual(['free', 'team', 'pro'])
    expect(order(withPlanMoved(data, 'pro', -1))).toEqual(['pro', 'free', 'team'])
    expect(withPlanMoved(data, 'free', -1)).toBe(data)
    expect(withPlanMoved(data, 'team', 1)).toBe(data)
    expect(order(withPlan(data, 'pro', undefined))).toEqual(['free', 'team'])
  })
})

it('writes a catalog file of which the same catalog is made', async () => {
  const [, literal = ''] = /defineCatalog\((.*)\)\n$/s.exec(writeCatalogFile(data)) ?? []
  const read: { readonly default: CatalogData } = await import(`data:text/javascript,${encodeURIComponent(`export default ${literal}`)}`)
  expect(read.default).toEqual(data)
  expect(defineCatalog(read.default)).toEqual(defineCatalog(data))
  expect(literal).toContain('\n  features: {')
  expect(literal).toContain('"api-calls": {')
})
