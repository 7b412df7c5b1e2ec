import { unsupported } from '../../errors.ts'
import type { PaymentError } from '../../payment-objects.ts'

/**
 * When a card asks the person for 3-D Secure: `on-session` also while they are there only; `until-set-up` once more for
 * payments without them, until it was set up; `always` each time.
 */
export type Authentication = 'never' | 'on-session' | 'until-set-up' | 'always'

/** A test card by its number, as https://docs.stripe.com/testing describes it. */
export interface TestCard {
  readonly number: string
  readonly brand: 'visa' | 'mastercard' | 'amex'
  readonly country: 'US' | 'FR'
  readonly authentication: Authentication
  /** Why it is refused as soon as it is presented; undefined: it can be attached. */
  readonly refusal: PaymentError | undefined
  /** Why charging it is declined, after authentication where that is asked for; undefined: the charge succeeds. */
  readonly decline: PaymentError | undefined
  /** What comes of refunds; undefined: they succeed at once. */
  readonly refunds: 'fail' | 'wait' | undefined
  /** How each charge is disputed; undefined: it is not. */
  readonly dispute: { readonly reason: string; readonly isInquiry: boolean } | undefined
}

type Traits = Partial<Omit<TestCard, 'number'>>

const declined: PaymentError = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' }
const insufficientFunds: PaymentError = {
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
}

/** The decline of a card whose month is over. */
export const expiredCard: PaymentError = {
  code: 'expired_card',
  decline_code: 'expired_card',
  message: 'Your card has expired.',
}

const cards: ReadonlyMap<string, TestCard> = new Map(
  [
    testCard('4242424242424242', {}),
    testCard('5555555555554444', { brand: 'mastercard' }),
    testCard('378282246310005', { brand: 'amex' }),
    testCard('4000000000000341', { decline: declined }),
    testCard('4000000000000002', { refusal: declined }),
    testCard('4000000000009995', { refusal: insufficientFunds }),
    testCard('4000000000009987', { refusal: { ...declined, decline_code: 'lost_card' } }),
    testCard('4000000000009979', { refusal: { ...declined, decline_code: 'stolen_card' } }),
    testCard('4000000000000069', { refusal: expiredCard }),
    testCard('4000000000000127', { refusal: { code: 'incorrect_cvc', decline_code: 'incorrect_cvc', message: "Your card's security code is incorrect." } }),
    testCard('4000002500003155', { authentication: 'until-set-up', country: 'FR' }),
    testCard('4000002760003184', { authentication: 'always', country: 'FR' }),
    testCard('4000003800000446', { authentication: 'on-session', country: 'FR' }),
    testCard('4000008260003178', { authentication: 'on-session', country: 'FR', decline: insufficientFunds }),
    testCard('4000000000003220', { authentication: 'always' }),
    testCard('4000008400001629', { authentication: 'always', country: 'FR', decline: declined }),
    testCard('4000000000000259', { dispute: { reason: 'fraudulent', isInquiry: false } }),
    testCard('4000000000002685', { dispute: { reason: 'product_not_received', isInquiry: false } }),
    testCard('4000000000001976', { dispute: { reason: 'fraudulent', isInquiry: true } }),
    testCard('4000000000005126', { refunds: 'fail' }),
    testCard('4000000000007726', { refunds: 'wait' }),
  ].map((entry) => [entry.number, entry]),
)

/** Ids that stand for a test card wherever a payment method is attached, and the number behind each. */
const tokens: ReadonlyMap<string, string> = new Map([
  ['pm_card_visa', '4242424242424242'],
  ['pm_card_mastercard', '5555555555554444'],
  ['pm_card_amex', '378282246310005'],
  ['pm_card_chargeCustomerFail', '4000000000000341'],
  ['pm_card_visa_chargeDeclined', '4000000000000002'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', '4000000000009995'],
  ['pm_card_createDispute', '4000000000000259'],
  ['pm_card_createDisputeProductNotReceived', '4000000000002685'],
  ['pm_card_createDisputeInquiry', '4000000000001976'],
  ['pm_card_refundFail', '4000000000005126'],
  ['pm_card_pendingRefund', '4000000000007726'],
  ['pm_card_authenticationRequired', '4000002760003184'],
  ['pm_card_authenticationRequiredOnSetup', '4000002500003155'],
  ['pm_card_authenticationRequiredSetupForOffSession', '4000003800000446'],
  ['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', '4000008260003178'],
  ['pm_card_threeDSecure2Required', '4000000000003220'],
  ['pm_card_threeDSecureRequiredChargeDeclined', '4000008400001629'],
])

/** The card with a number (spaces and dashes are ignored), or undefined when it is not one that is simulated. */
export function findCard(number: string): TestCard | undefined {
  return cards.get(number.replace(/[\s-]/g, ''))
}

/** The same; others are refused. */
export function getCard(number: string): TestCard {
  const card = findCard(number)
  if (card === undefined) throw unsupported(`this card number; it knows ${simulatedCardNumbers().join(', ')}`, 'card')
  return card
}

/** The number behind an id such as `pm_card_visa`; undefined for other ids. */
export function cardNumberOfToken(paymentMethodId: string): string | undefined {
  return tokens.get(paymentMethodId)
}

/** Every card number that is simulated, for messages and for the coverage table. */
export function simulatedCardNumbers(): string[] {
  return [...cards.keys()]
}

/** Whether setting a card up for payments without the person asks them for 3-D Secure. */
export function asksWhenSetUp(card: TestCard): boolean {
  return card.authentication === 'always' || card.authentication === 'until-set-up'
}

function testCard(number: string, traits: Traits): TestCard {
  return { number, brand: 'visa', country: 'US', authentication: 'never', refusal: undefined, decline: undefined, refunds: undefined, dispute: undefined, ...traits }
}
