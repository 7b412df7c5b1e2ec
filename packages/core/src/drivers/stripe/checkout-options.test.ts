import { describe, expect, it } from 'vitest'
import { readCheckoutOptions } from './checkout-options.ts'

describe('readCheckoutOptions', () => {
  it('turns options into parameters of a session', () => {
    expect(readCheckoutOptions(undefined)).toEqual({ parameters: {}, faults: [] })
    expect(readCheckoutOptions({ automaticTax: false, locale: undefined })).toEqual({ parameters: { automatic_tax: { enabled: false } }, faults: [] })
    expect(readCheckoutOptions({ billingAddressCollection: 'auto', locale: 'pt-BR' }).parameters)
      .toEqual({ billing_address_collection: 'auto', customer_update: { address: 'auto' }, locale: 'pt-BR' })
  })

  it('lets Stripe keep address and legal name, in whichever order the options are written', () => {
    const kept = { customer_update: { address: 'auto', name: 'auto' } }
    expect(readCheckoutOptions({ taxIdCollection: true, automaticTax: true }).parameters).toMatchObject(kept)
    expect(readCheckoutOptions({ automaticTax: true, billingAddressCollection: 'required', taxIdCollection: true }).parameters).toMatchObject(kept)
  })

  it.each([
    ['automaticTax', 'yes'], ['taxIdCollection', 1], ['billingAddressCollection', 'never'], ['phoneNumberCollection', null],
    ['termsOfService', true], ['locale', 'German'], ['locale', 'de\n'], ['allowPromotionCodes', {}],
  ])('has no %s of %j', (name, value) => {
    expect(readCheckoutOptions({ [name]: value }).faults.map(({ path }) => path)).toEqual([`checkout.${name}`])
  })

  it.each([
    'mode', 'customer', 'customer_email', 'customer_update', 'client_reference_id', 'clientReferenceId', 'line_items', 'lineItems', 'success_url',
    'cancelUrl', 'return_url', 'metadata', 'subscription_data', 'subscriptionData', 'discounts', 'currency', 'expires_at', 'ui_mode',
    'payment_method_collection',
  ])('leaves %s to Farebox', (name) => {
    const { parameters, faults } = readCheckoutOptions({ [name]: 'anything' })
    expect(parameters).toEqual({})
    expect(faults).toEqual([{ path: `checkout.${name}`, message: expect.stringContaining('itself') }])
  })

  it('takes no other names, and nothing from prototypes', () => {
    const sneaky: unknown = JSON.parse('{"__proto__":{"automaticTax":true},"constructor":1,"toString":1,"allow_promotion_codes":true}')
    expect(readCheckoutOptions(sneaky).faults.map(({ path }) => path))
      .toEqual(['checkout.__proto__', 'checkout.constructor', 'checkout.toString', 'checkout.allow_promotion_codes'])
    expect(readCheckoutOptions(Object.create({ automaticTax: true }))).toEqual({ parameters: {}, faults: [] })
    expect(Object.keys(readCheckoutOptions(sneaky).parameters)).toEqual([])
    expect(({} as Record<string, unknown>)['automaticTax']).toBeUndefined()
  })

  it.each([null, true, 'all', [], [{ automaticTax: true }]])('is not %j', (options) => {
    expect(readCheckoutOptions(options).faults.map(({ path }) => path)).toEqual(['checkout'])
  })
})
