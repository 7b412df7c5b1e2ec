import type { Fault } from '../../errors/error.ts'

/** What the checkout page asks for besides the payment. What is left out stays as Stripe has it. */
export interface CheckoutOptions {
  /** People may type in a promotion code. Not where `subscribe` was given one, which then applies by itself. */
  readonly allowPromotionCodes?: boolean
  /** Stripe Tax works out the tax, of renewals and changes too: https://docs.stripe.com/tax/checkout */
  readonly automaticTax?: boolean
  /** Businesses may give their tax id: https://docs.stripe.com/tax/checkout/tax-ids */
  readonly taxIdCollection?: boolean
  /** `required` asks for a billing address in any case, `auto` where it is needed. */
  readonly billingAddressCollection?: 'auto' | 'required'
  readonly phoneNumberCollection?: boolean
  /** Whether the terms of service have to be agreed to; their address is set in Stripe's dashboard. */
  readonly termsOfService?: 'none' | 'required'
  /** An IETF language tag that Stripe knows, or `auto`, the browser's. */
  readonly locale?: string
}

/** Parameters of a session that are made of options alone. */
export type CheckoutParameters = Readonly<Record<string, unknown>>

interface Rule {
  readonly message: string
  /** The parameters that a value stands for; `undefined` where there is no such value. */
  read(value: unknown): CheckoutParameters | undefined
}

/** Stripe keeps the address that it knows of a customer unless it is told to take over what was entered. */
const kept = { customer_update: { address: 'auto' } }

/** In this order, so that what comes later may ask for more. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ['allowPromotionCodes', flag((enabled) => (enabled ? { allow_promotion_codes: true } : {}))],
  ['billingAddressCollection', choice(['auto', 'required'], (given) => ({ billing_address_collection: given, ...kept }))],
  ['phoneNumberCollection', flag((enabled) => ({ phone_number_collection: { enabled } }))],
  ['termsOfService', choice(['none', 'required'], (given) => ({ consent_collection: { terms_of_service: given } }))],
  ['automaticTax', flag((enabled) => ({ automatic_tax: { enabled }, ...(enabled && kept) }))],
  ['taxIdCollection', flag((enabled) => ({
    // The legal name comes with the tax id, and Stripe refuses to collect the one without the other.
    tax_id_collection: { enabled }, ...(enabled && { customer_update: { address: 'auto', name: 'auto' } }),
  }))],
  ['locale', {
    message: 'Give a language tag, such as de, or auto',
    read: (value) => (typeof value === 'string' && /^[a-z]{2,4}(-[A-Za-z0-9]{2,4})?$/.test(value) ? { locale: value } : undefined),
  }],
])

function flag(parametersOf: (enabled: boolean) => CheckoutParameters): Rule {
  return { message: 'Give true or false', read: (value) => (typeof value === 'boolean' ? parametersOf(value) : undefined) }
}

function choice(choices: readonly string[], parametersOf: (given: string) => CheckoutParameters): Rule {
  const message = `Give ${choices.map((name) => `'${name}'`).join(' or ')}`
  return { message, read: (value) => (typeof value === 'string' && choices.includes(value) ? parametersOf(value) : undefined) }
}

/** What Farebox decides of a session by itself: anything else would sell something else, or to somebody else. */
const owned: ReadonlySet<string> = new Set([
  'mode', 'customer', 'customeremail', 'customerupdate', 'clientreferenceid', 'lineitems', 'successurl', 'cancelurl', 'returnurl',
  'metadata', 'subscriptiondata', 'discounts', 'currency', 'expiresat', 'uimode', 'paymentmethodcollection',
])

/** The parameters that options stand for, and every fault among them. Only own properties count, and no other names. */
export function readCheckoutOptions(options: unknown): { readonly parameters: CheckoutParameters; readonly faults: readonly Fault[] } {
  if (options === undefined) return { parameters: {}, faults: [] }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return { parameters: {}, faults: [{ path: 'checkout', message: 'Give an object, such as { automaticTax: true }' }] }
  }
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined))
  const faults: Fault[] = [...given.keys()].filter((name) => !rules.has(name)).map(unknownName)
  const parameters = [...rules].map(([name, rule]) => {
    const found = given.has(name) ? rule.read(given.get(name)) : {}
    if (found === undefined) faults.push({ path: `checkout.${name}`, message: rule.message })
    return found ?? {}
  })
  return { parameters: Object.assign({}, ...parameters), faults }
}

function unknownName(name: string): Fault {
  const isOwned = owned.has(name.replaceAll('_', '').toLowerCase())
  const message = isOwned
    ? 'Farebox sets this itself: what is sold, and to whom, hangs on it'
    : `There is no such option; there are ${[...rules.keys()].join(', ')}`
  return { path: `checkout.${name}`, message }
}
