import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chargeStep, eur, gbp, isMoney, money, usd, wholeMinorUnits } from './money.ts'

describe('money', () => {
  it.each([
    ['29', 'usd', '2900'],
    ['0.10', 'usd', '10'],
    ['0.1', 'usd', '10'],
    ['0', 'usd', '0'],
    ['0.00', 'usd', '0'],
    ['0.001', 'usd', '0.1'],
    ['0.005', 'usd', '0.5'],
    ['0.00000000000001', 'usd', '0.000000000001'],
    ['1.2300', 'EUR', '123'],
    ['007', 'usd', '700'],
    ['999999999999.99', 'usd', '99999999999999'],
    ['500', 'jpy', '500'],
    ['0.5', 'jpy', '0.5'],
    ['1.234', 'kwd', '1234'],
    ['1.5', 'kwd', '1500'],
    ['1.2345', 'kwd', '1234.5'],
    ['5', 'isk', '500'],
    ['5', 'ugx', '500'],
  ])('%s %s is %3$s in minor units', (amount, currency, minor) => {
    expect(money(amount, currency)).toEqual({ currency: currency.toLowerCase(), minor })
  })

  it('has a short form for common currencies', () => {
    expect([usd('29'), eur('29'), gbp('29')].map((value) => value.currency)).toEqual(['usd', 'eur', 'gbp'])
  })

  it.each([
    '', ' ', '-1', '+1', '1.', '.5', '1,5', '1e3', '0x10', 'NaN', 'Infinity', '1 ', '１', '1234567890123', '0.000000000000001', 29, null,
    undefined, {},
  ])('refuses %j', (amount) => {
    expect(() => money(amount as string, 'usd')).toThrow(expect.objectContaining({ code: 'invalid-catalog' }))
  })

  it.each(['', 'us', 'usdd', 'u$d', '12a', undefined, null, 840])('refuses the currency %j', (currency) => {
    expect(() => money('1', currency as string)).toThrow(expect.objectContaining({ code: 'invalid-catalog' }))
  })

  it('loses nothing: whole and fraction come back as they were given', () => {
    const parts = fc.tuple(fc.integer({ min: 0, max: 999_999_999_999 }), fc.bigInt({ min: 0n, max: 10n ** 14n - 1n }))
    fc.assert(fc.property(parts, fc.constantFrom('usd', 'jpy', 'kwd'), ([whole, rest], currency) => {
      const digits = { usd: 2, jpy: 0, kwd: 3 }[currency]
      const places = digits + 12
      const fraction = rest.toString().padStart(14, '0').slice(0, places)
      const made = money(`${whole}.${fraction}`, currency)
      const [units = '', parts12 = ''] = made.minor.split('.')
      const exact = BigInt(units) * 10n ** 12n + BigInt(parts12.padEnd(12, '0'))
      expect(exact).toBe(BigInt(whole) * 10n ** BigInt(places) + BigInt(fraction.padEnd(places, '0')))
      expect(isMoney(made)).toBe(true)
    }))
  })
})

describe('what is money', () => {
  it.each([
    undefined, null, 29, '29', {}, { currency: 'usd' }, { currency: 'USD', minor: '1' }, { currency: 'usd', minor: 1 },
    { currency: 'usd', minor: '-1' }, { currency: 'usd', minor: '01' }, { currency: 'usd', minor: '1.0' }, { currency: 'usd', minor: '1.' },
  ])('not %j', (value) => {
    expect(isMoney(value)).toBe(false)
  })

  it('has whole minor units or none', () => {
    expect(wholeMinorUnits(usd('29'))).toBe(2900)
    expect(wholeMinorUnits(usd('0.005'))).toBeUndefined()
    expect(wholeMinorUnits({ currency: 'usd', minor: '9007199254740992' })).toBeUndefined()
  })

  it('is charged in steps', () => {
    expect(['usd', 'jpy', 'kwd', 'isk', 'ugx'].map(chargeStep)).toEqual([1, 1, 10, 100, 100])
  })
})
