import type { Account } from '../account.ts'
import type { ProrationBehavior, SubscriptionSchedule } from '../billing-objects.ts'
import { exclusiveParameters, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { findScheduleOf, get } from '../get.ts'
import { readDiscounts, redemptionOf, type GivenDiscount } from '../lifecycle/discounts/coupon-validity.ts'
import { newDiscount } from '../lifecycle/discounts/discount-object.ts'
import { runningDiscounts, type Redeem } from '../lifecycle/discounts/redeem-coupons.ts'
import { nextPeriod } from '../lifecycle/due/next-period.ts'
import { draftInvoice } from '../lifecycle/invoices/invoice-object.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { asPhase, hasItems, phaseAt, wantedItems } from '../lifecycle/schedules/run-schedule.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { isInvoicedNow, planItemChange, type Reckoning, type WantedItem } from '../lifecycle/subscriptions/change-items.ts'
import { planEnd } from '../lifecycle/subscriptions/scheduled-end.ts'
import type { Invoice, InvoiceLine, Subscription } from '../objects.ts'
import { render, type Rendered } from '../responses/render.ts'
import { route, type Routes } from './route.ts'
import { readItems, type GivenItem } from './subscription-requests.ts'
import { phaseParameters, replacePhases, type GivenPhase } from './subscription-schedule-requests.ts'

interface Preview {
  readonly customer?: string
  readonly discounts?: readonly GivenDiscount[] | null
  readonly preview_mode?: string
  readonly schedule?: string
  readonly schedule_details?: {
    readonly end_behavior?: 'cancel' | 'release'
    readonly phases?: readonly GivenPhase[]
    readonly proration_behavior?: ProrationBehavior
  }
  readonly subscription?: string
  readonly subscription_details?: {
    readonly billing_cycle_anchor?: { readonly type: string }
    readonly cancel_at?: number | 'min_period_end' | 'max_period_end'
    readonly cancel_at_period_end?: boolean
    readonly items?: readonly GivenItem[]
    readonly proration_behavior?: ProrationBehavior
    readonly proration_date?: number
    readonly trial_end?: number | 'now'
  }
}

export const invoicePreviewRoutes: Routes = {
  'invoices.createPreview': route<Preview>({
    supports: [
      'customer',
      'discounts.coupon',
      'discounts.discount',
      'discounts.promotion_code',
      'preview_mode',
      'schedule',
      'schedule_details.end_behavior',
      'schedule_details.phases.start_date',
      'schedule_details.proration_behavior',
      ...phaseParameters.map((name) => `schedule_details.${name}`),
      'subscription',
      'subscription_details.billing_cycle_anchor.type',
      'subscription_details.cancel_at',
      'subscription_details.cancel_at_period_end',
      'subscription_details.items.deleted',
      'subscription_details.items.id',
      'subscription_details.items.metadata',
      'subscription_details.items.price',
      'subscription_details.items.quantity',
      'subscription_details.proration_behavior',
      'subscription_details.proration_date',
      'subscription_details.trial_end',
    ],
    handle: ({ account, parameters }) => previewInvoice(account, parameters),
  }),
}

/** How an invoice is previewed. */
interface Mode {
  readonly redeem: Redeem
  /** Only what comes back each period: no prorations, and nothing that is pending. */
  readonly isRecurring: boolean
}

/** The invoice that a subscription would get next, or get from a change. Nothing is stored. */
function previewInvoice(account: Account, given: Preview): Rendered {
  if (given.schedule_details !== undefined && (given.subscription !== undefined || given.subscription_details !== undefined)) {
    throw exclusiveParameters(['schedule_details', 'subscription_details'])
  }
  const schedule = given.schedule === undefined ? undefined : get(account.store.subscriptionSchedules, given.schedule, 'schedule')
  const id = given.subscription ?? schedule?.subscription ?? undefined
  if (id === undefined) {
    if (given.customer === undefined) throw missingParameter('subscription')
    throw unsupported('previews without a subscription', 'subscription')
  }
  const stored = get(account.store.subscriptions, id, 'subscription')
  if (given.customer !== undefined && given.customer !== stored.customer) {
    throw invalidRequest('The subscription belongs to another customer.', { param: 'customer' })
  }
  if (hasEnded(stored.status)) throw nothingUpcoming()
  return withoutKeeping(account, (redeem) => {
    const subscription = withDiscounts(account, stored, given.discounts, redeem)
    const mode = { redeem, isRecurring: given.preview_mode === 'recurring' }
    const draft =
      schedule === undefined
        ? previewChange(account, subscription, given.subscription_details ?? {}, mode)
        : previewSchedule(account, subscription, schedule, given.schedule_details ?? {}, mode)
    return render(account.store, { ...draft, id: `upcoming_${draft.id}` })
  })
}

function previewChange(account: Account, stored: Subscription, details: NonNullable<Preview['subscription_details']>, mode: Mode): Invoice {
  const subscription = { ...stored, ...planEnd(account, stored, details) }
  const startsOver = details.billing_cycle_anchor?.type === 'now'
  if (details.proration_date !== undefined && details.items === undefined && !startsOver) {
    throw invalidRequest('`proration_date` needs a change of items to be prorated.', { param: 'subscription_details[proration_date]' })
  }
  const schedule = findScheduleOf(account.store, subscription)
  if (details.trial_end !== undefined && subscription.status !== 'trialing') throw unsupported('previews of a trial that begins', 'subscription_details[trial_end]')
  if (details.items === undefined && !startsOver && details.trial_end === undefined) return upcomingInvoice(account, subscription, [], schedule, mode)
  const wanted = readItems(account, subscription, details.items ?? [], { path: 'subscription_details[items]' })
  return invoiceOf(account, subscription, wanted, schedule, {
    behavior: details.proration_behavior ?? 'create_prorations',
    prorationDate: details.proration_date,
    startsOver,
    trialEnd: details.trial_end,
  }, mode)
}

function previewSchedule(
  account: Account,
  subscription: Subscription,
  stored: SubscriptionSchedule,
  details: NonNullable<Preview['schedule_details']>,
  mode: Mode,
): Invoice {
  const phases = details.phases === undefined ? stored.phases : replacePhases(account, stored, details.phases)
  const running = phaseAt({ phases }, account.clock.seconds())
  const schedule: SubscriptionSchedule = {
    ...stored,
    end_behavior: details.end_behavior ?? stored.end_behavior,
    phases,
    current_phase: running === undefined ? stored.current_phase : { start_date: running.start_date, end_date: running.end_date },
  }
  if (running === undefined || hasItems(subscription, running)) return upcomingInvoice(account, subscription, [], schedule, mode)
  const wanted = wantedItems(subscription, running)
  return invoiceOf(account, subscription, wanted, schedule, { behavior: details.proration_behavior ?? 'create_prorations' }, mode)
}

function invoiceOf(
  account: Account,
  subscription: Subscription,
  wanted: readonly WantedItem[],
  schedule: SubscriptionSchedule | undefined,
  reckoning: Reckoning,
  mode: Mode,
): Invoice {
  const change = planItemChange(account, subscription, wanted, reckoning)
  const changed = { ...subscription, items: change.items, billing_cycle_anchor: change.anchor, ...change.trial }
  if (mode.isRecurring || !isInvoicedNow(change, reckoning.behavior)) return upcomingInvoice(account, changed, change.prorations, schedule, mode)
  const now = account.clock.seconds()
  const lines = [...subscription.internal.pendingLines, ...change.prorations, ...change.newPeriod]
  return draftInvoice(account, changed, 'upcoming', lines, { start: now, end: now })
}

function upcomingInvoice(
  account: Account,
  subscription: Subscription,
  prorations: readonly InvoiceLine[],
  schedule: SubscriptionSchedule | undefined,
  { redeem, isRecurring }: Mode,
): Invoice {
  const end = periodEnd(subscription)
  const isEnding = !isRecurring && subscription.cancel_at !== null && subscription.cancel_at <= end
  const pendingLines = isRecurring ? [] : [...subscription.internal.pendingLines, ...prorations]
  const pending = { ...subscription.internal, pendingLines }
  const before = { ...subscription, internal: pending }
  const phase = schedule?.status === 'active' && (schedule.current_phase?.end_date ?? Infinity) <= end ? phaseAt(schedule, end) : undefined
  // What is redeemed with a phase counts from then on.
  const changed = phase === undefined ? before : account.clock.at(end * 1000, () => asPhase(account, before, phase, redeem))
  const next = nextPeriod(account, before, changed)
  const lines = isEnding ? pending.pendingLines : next.lines
  if (lines.length === 0) throw nothingUpcoming()
  const start = subscription.items[0]?.current_period_start ?? subscription.created
  // What runs out until then is not taken off.
  const discounts = runningDiscounts(account, next.subscription.discounts, end).map(({ id }) => id)
  return { ...draftInvoice(account, { ...next.subscription, discounts }, 'upcoming', lines, { start, end }), created: end }
}

/** The subscription with the discounts that a preview asks for; where it says nothing of them, with its own. */
function withDiscounts(account: Account, subscription: Subscription, given: Preview['discounts'], redeem: Redeem): Subscription {
  if (given === undefined) return subscription
  const redemption = redemptionOf(account, subscription.customer, subscription.items, subscription.currency)
  return { ...subscription, discounts: redeem(account, subscription, readDiscounts(account, given ?? [], redemption)) }
}

/** Does work with discounts that are there for as long as it lasts: no coupon is redeemed. */
function withoutKeeping<Result>(account: Account, work: (redeem: Redeem) => Result): Result {
  const made: string[] = []
  try {
    return work((_account, owner, references) =>
      references.map((reference) => {
        if (reference.discount !== null) return reference.discount
        const { id } = account.store.discounts.save(newDiscount(account, owner, reference, null))
        made.push(id)
        return id
      }),
    )
  } finally {
    for (const id of made) account.store.discounts.remove(id)
  }
}

function nothingUpcoming(): Error {
  return invalidRequest('No upcoming invoices for this subscription.', { code: 'invoice_upcoming_none' })
}
