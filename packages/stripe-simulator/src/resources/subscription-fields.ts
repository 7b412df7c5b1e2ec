import type { Account } from '../account.ts'
import type { ProrationBehavior } from '../billing-objects.ts'
import { invalidInteger, invalidRequest, missingParameter, unsupported, type StripeError } from '../errors.ts'
import type { GivenDiscount } from '../lifecycle/discounts/coupon-validity.ts'
import type { EndRequest } from '../lifecycle/subscriptions/scheduled-end.ts'
import type { MissingPaymentMethod, Subscription } from '../objects.ts'
import type { MetadataChange } from '../requests/metadata.ts'
import type { GivenItem } from './subscription-requests.ts'
import { type GivenTaxes, taxParameters } from './tax-rates.ts'

/** What the requests that create and update a subscription have in common. */
export interface SubscriptionFields extends EndRequest, GivenTaxes {
  readonly billing_cycle_anchor?: { readonly type: string }
  readonly billing_mode?: { readonly type: string }
  readonly collection_method?: 'charge_automatically' | 'send_invoice'
  readonly currency?: string
  readonly days_until_due?: number
  readonly default_payment_method?: string
  readonly description?: string | null
  readonly discounts?: readonly GivenDiscount[] | null
  readonly items?: readonly GivenItem[]
  readonly metadata?: MetadataChange | null
  readonly off_session?: boolean
  readonly payment_behavior?: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete' | 'pending_if_incomplete'
  readonly payment_settings?: { readonly save_default_payment_method?: 'off' | 'on_subscription' }
  readonly proration_behavior?: ProrationBehavior
  readonly proration_date?: number
  readonly trial_end?: number | 'now'
  readonly trial_period_days?: number
  readonly trial_settings?: { readonly end_behavior: { readonly missing_payment_method: MissingPaymentMethod } }
}

/** The parameters that both requests support. */
export const sharedFields: readonly string[] = [
  'cancel_at',
  'cancel_at_period_end',
  'collection_method',
  'days_until_due',
  'default_payment_method',
  ...taxParameters(''),
  'description',
  'discounts.coupon',
  'discounts.discount',
  'discounts.promotion_code',
  'items.metadata',
  'items.price',
  'items.quantity',
  'metadata',
  'off_session',
  'payment_behavior',
  'payment_settings.save_default_payment_method',
  'trial_end',
  'trial_settings.end_behavior.missing_payment_method',
]

const twoYears = 730

export function refuseUnmodelled(given: SubscriptionFields): void {
  if (given.billing_mode?.type === 'classic') throw unsupported('the classic billing mode', 'billing_mode[type]')
}

/** The refusal of what only invoices that are sent can have. */
export function onlyWhereSent(param: 'days_until_due' | 'due_date'): StripeError {
  return invalidRequest(`\`${param}\` can only be set where \`collection_method\` is \`send_invoice\`.`, { param })
}

/** How invoices are collected. Only those that are sent are due some day (https://docs.stripe.com/api/subscriptions/create). */
export function readCollection(
  given: SubscriptionFields,
  before: Pick<Subscription, 'collection_method' | 'days_until_due'> = { collection_method: 'charge_automatically', days_until_due: null },
): Pick<Subscription, 'collection_method' | 'days_until_due'> {
  const { collection_method = before.collection_method, days_until_due: days } = given
  if (collection_method === 'charge_automatically') {
    if (days === undefined) return { collection_method, days_until_due: null }
    throw onlyWhereSent('days_until_due')
  }
  const days_until_due = days ?? before.days_until_due
  if (days_until_due === null) throw missingParameter('days_until_due')
  if (days_until_due < 0) throw invalidInteger('non-negative', 'days_until_due')
  return { collection_method, days_until_due }
}

/** The end of the trial in seconds; null: none, or at once. */
export function readTrialEnd(account: Account, given: SubscriptionFields): number | null {
  const now = account.clock.seconds()
  if (given.trial_period_days !== undefined) {
    if (given.trial_period_days < 0 || given.trial_period_days > twoYears) throw badTrial('trial_period_days')
    return given.trial_period_days === 0 ? null : now + given.trial_period_days * 86_400
  }
  if (given.trial_end === undefined || given.trial_end === 'now') return null
  if (given.trial_end <= now || given.trial_end > now + twoYears * 86_400) throw badTrial('trial_end')
  return given.trial_end
}

/** What `pause_collection` is set to; null ends it. */
export function readPauseCollection(
  account: Account,
  given: { readonly behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void'; readonly resumes_at?: number } | null,
): Subscription['pause_collection'] {
  if (given === null) return null
  if (given.resumes_at !== undefined && given.resumes_at <= account.clock.seconds()) {
    throw invalidRequest('`resumes_at` must be in the future.', { param: 'pause_collection[resumes_at]' })
  }
  return { behavior: given.behavior, resumes_at: given.resumes_at ?? null }
}

function badTrial(param: string): StripeError {
  return invalidRequest('Invalid trial: it must end in the future, within two years.', {
    code: 'parameter_invalid_integer',
    param,
  })
}
