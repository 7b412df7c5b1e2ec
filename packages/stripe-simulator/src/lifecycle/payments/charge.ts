import type { Account } from '../../account.ts'
import type { PaymentMethod } from '../../objects.ts'
import type { PaymentError, Presence } from '../../payment-objects.ts'
import { findBankAccount } from './bank-accounts.ts'
import { expiredCard, findCard, type TestCard } from './cards.ts'

/** What comes of charging a payment method. */
export type ChargeOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'requires-action' }
  | { readonly kind: 'processing' }
  | { readonly kind: 'declined'; readonly error: PaymentError }

/** How a payment is attempted. */
export interface Attempt {
  readonly presence: Presence
  /** Whether the person has just authenticated this very payment. */
  readonly isAuthenticated?: boolean
}

/** Works out what charging a payment method now comes to. Nothing is stored. */
export function charge(account: Account, method: PaymentMethod, attempt: Attempt): ChargeOutcome {
  if (findBankAccount(method.internal.number) !== undefined) return { kind: 'processing' }
  if (isExpired(account, method)) return { kind: 'declined', error: expiredCard }
  const card = findCard(method.internal.number)
  if (card === undefined) throw new Error(`A stored payment method is a test card: ${method.id}`)
  if (attempt.isAuthenticated !== true && asks(card, method, attempt.presence)) return { kind: 'requires-action' }
  const error = card.refusal ?? card.decline
  return error === undefined ? { kind: 'succeeded' } : { kind: 'declined', error }
}

/** A card is good until its last month is over. */
export function isExpired(account: Account, method: PaymentMethod): boolean {
  const { card } = method
  if (card === undefined) return false
  return account.clock.now() >= Date.UTC(card.exp_year, card.exp_month)
}

function asks(card: TestCard, method: PaymentMethod, presence: Presence): boolean {
  switch (card.authentication) {
    case 'never':
      return false
    case 'always':
      return true
    case 'on-session':
      return presence === 'on-session'
    case 'until-set-up':
      return presence === 'on-session' || !method.internal.isSetUp
  }
}
