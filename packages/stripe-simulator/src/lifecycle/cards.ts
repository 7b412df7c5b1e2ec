/** What a test card does when it is charged. */
export type CardBehaviour = 'succeeds' | 'declines-when-charged'

/** A test card by its number. */
export interface TestCard {
  readonly brand: 'visa' | 'mastercard' | 'amex'
  readonly country: 'US'
  /** What the card does once it is attached; undefined: it is refused as soon as it is presented. */
  readonly behaviour: CardBehaviour | undefined
  /** The decline code of its refusals. */
  readonly declineCode: string
  readonly message: string
}

const declined = 'Your card was declined.'

const cards: ReadonlyMap<string, TestCard> = new Map<string, TestCard>([
  ['4242424242424242', { brand: 'visa', country: 'US', behaviour: 'succeeds', declineCode: '', message: '' }],
  ['5555555555554444', { brand: 'mastercard', country: 'US', behaviour: 'succeeds', declineCode: '', message: '' }],
  ['378282246310005', { brand: 'amex', country: 'US', behaviour: 'succeeds', declineCode: '', message: '' }],
  ['4000000000000341', charged('generic_decline')],
  ['4000000000000002', refused('generic_decline', declined)],
  ['4000000000009995', refused('insufficient_funds', 'Your card has insufficient funds.')],
  ['4000000000009987', refused('lost_card', declined)],
  ['4000000000009979', refused('stolen_card', declined)],
])

/** Ids that stand for a test card wherever a payment method is attached, and the number behind each. */
const tokens: ReadonlyMap<string, string> = new Map([
  ['pm_card_visa', '4242424242424242'],
  ['pm_card_mastercard', '5555555555554444'],
  ['pm_card_amex', '378282246310005'],
  ['pm_card_chargeCustomerFail', '4000000000000341'],
  ['pm_card_visa_chargeDeclined', '4000000000000002'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', '4000000000009995'],
])

/** The card with a number (spaces and dashes are ignored), or undefined when it is not one that is simulated. */
export function findCard(number: string): (TestCard & { readonly number: string }) | undefined {
  const digits = number.replace(/[\s-]/g, '')
  const card = cards.get(digits)
  return card === undefined ? undefined : { ...card, number: digits }
}

/** The number behind an id such as `pm_card_visa`; undefined for other ids. */
export function cardNumberOfToken(paymentMethodId: string): string | undefined {
  return tokens.get(paymentMethodId)
}

/** Every card number that is simulated, for messages and for the coverage table. */
export function simulatedCardNumbers(): string[] {
  return [...cards.keys()]
}

function charged(declineCode: string): TestCard {
  return { brand: 'visa', country: 'US', behaviour: 'declines-when-charged', declineCode, message: declined }
}

function refused(declineCode: string, message: string): TestCard {
  return { brand: 'visa', country: 'US', behaviour: undefined, declineCode, message }
}
