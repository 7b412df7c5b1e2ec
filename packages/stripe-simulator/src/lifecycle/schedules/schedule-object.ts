import type { Account } from '../../account.ts'
import type { Taxation } from '../../amount-objects.ts'
import type { ProrationBehavior, ScheduleItem, SchedulePhase, SubscriptionSchedule } from '../../billing-objects.ts'
import { addDuration } from '../../clock.ts'
import type { Interval, Metadata, Subscription } from '../../objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { automaticTax } from '../amounts/automatic-tax.ts'
import { runningDiscounts } from '../discounts/redeem-coupons.ts'
import { periodEnd } from '../next-instant.ts'

/** Settings of a schedule that hold for each phase that does not say otherwise. */
const standardSettings: SubscriptionSchedule['default_settings'] = {
  application_fee_percent: null,
  automatic_tax: automaticTax(false),
  billing_cycle_anchor: 'automatic',
  billing_thresholds: null,
  collection_method: 'charge_automatically',
  default_payment_method: null,
  description: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    days_until_due: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  on_behalf_of: null,
  transfer_data: null,
}

/** A new schedule; nothing is stored. */
export function newSchedule(
  account: Account,
  made: Pick<SubscriptionSchedule, 'customer' | 'end_behavior' | 'phases' | 'subscription'> & {
    readonly metadata?: Metadata
    readonly settings?: Partial<SubscriptionSchedule['default_settings']>
  },
): SubscriptionSchedule {
  const now = account.clock.seconds()
  const current = made.phases.find((phase) => phase.start_date <= now && now < phase.end_date)
  return {
    id: account.identifiers.next('sub_sched'),
    object: 'subscription_schedule',
    ...publishedNulls('subscription_schedule'),
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    canceled_at: null,
    completed_at: null,
    created: now,
    current_phase: current === undefined ? null : { start_date: current.start_date, end_date: current.end_date },
    customer: made.customer,
    default_settings: { ...standardSettings, ...made.settings },
    end_behavior: made.end_behavior,
    livemode: false,
    metadata: made.metadata ?? {},
    pause_schedules: [],
    phases: made.phases,
    released_at: null,
    released_subscription: null,
    status: current === undefined ? 'not_started' : 'active',
    subscription: made.subscription,
  }
}

/** What a phase is made of; everything else has its standard. */
export interface NewPhase extends Taxation {
  readonly billing_cycle_anchor?: 'automatic' | 'phase_start' | null
  readonly currency: string
  readonly default_payment_method?: string | null
  readonly description?: string | null
  readonly discounts?: SchedulePhase['discounts']
  readonly end_date: number
  readonly items: readonly Pick<ScheduleItem, 'discounts' | 'metadata' | 'price' | 'quantity'>[]
  readonly metadata?: Metadata
  readonly proration_behavior?: ProrationBehavior
  readonly start_date: number
  readonly trial_end?: number | null
}

export function newPhase(given: NewPhase): SchedulePhase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    billing_thresholds: null,
    collection_method: null,
    currency: given.currency,
    default_payment_method: given.default_payment_method ?? null,
    default_tax_rates: given.default_tax_rates ?? [],
    ...(given.automatic_tax?.enabled === true && { automatic_tax: given.automatic_tax }),
    description: given.description ?? null,
    discounts: given.discounts ?? [],
    end_date: given.end_date,
    invoice_settings: null,
    items: given.items.map((item) => ({
      billing_thresholds: null,
      discounts: item.discounts,
      metadata: item.metadata,
      plan: item.price,
      price: item.price,
      quantity: item.quantity,
      tax_rates: [],
    })),
    metadata: given.metadata ?? {},
    on_behalf_of: null,
    proration_behavior: given.proration_behavior ?? 'create_prorations',
    start_date: given.start_date,
    transfer_data: null,
    trial_end: given.trial_end ?? null,
  }
}

/** A running subscription as one phase: its items and the discounts that run, until its current period ends. */
export function phaseOfSubscription(account: Account, subscription: Subscription): SchedulePhase {
  const start = Math.min(...subscription.items.map((item) => item.current_period_start))
  return newPhase({
    currency: subscription.currency,
    discounts: runningDiscounts(account, subscription.discounts, account.clock.seconds()).map(({ id }) => ({ coupon: null, discount: id, promotion_code: null })),
    items: subscription.items.map(({ price, quantity, metadata }) => ({ price, quantity, metadata, discounts: [] })),
    automatic_tax: subscription.automatic_tax,
    default_tax_rates: subscription.default_tax_rates,
    start_date: start,
    end_date: subscription.cancel_at ?? periodEnd(subscription),
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  })
}

/** The instant (seconds) at which a phase of a given length ends. */
export function endOfDuration(start: number, interval: Interval, count: number): number {
  return addDuration(start * 1000, { [`${interval}s`]: count }) / 1000
}
