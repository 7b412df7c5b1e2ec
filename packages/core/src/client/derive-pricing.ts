import type { PriceInterval } from '../domain/catalog.ts'
import type { PlanPriceView, PlanView, PlansView, PriceView, Snapshot } from '../protocol/snapshot.ts'
import { type Quantity, derivePrice } from './derive-price.ts'
import { isSubscribed } from './is-subscribed.ts'

/** What a pricing table shows prices of. */
export interface PricingChoice extends Quantity {
  /** As many as a subscriber pays for already, unless said otherwise; never fewer than a plan sells. */
  readonly quantity?: number | undefined
  /** `month` unless said otherwise; a plan that is not sold so is shown as it is sold. */
  readonly interval?: PriceInterval | undefined
}

/** How a plan stands to what the customer has. `interval` and `quantity`: the same plan, paid at another interval or for another number. */
export type PlanStanding = 'current' | 'scheduled' | 'upgrade' | 'downgrade' | 'interval' | 'quantity' | 'available'

/** What a customer does to get a plan; `none` where nothing is to be done, `ask` where somebody else manages the billing. */
export type PlanAction = 'checkout' | 'change' | 'cancel' | 'resume' | 'contact' | 'ask' | 'none'

/** A plan of a pricing table. */
export interface PricingPlan {
  readonly plan: PlanView
  /** How it is paid; `undefined` where it has no price. */
  readonly interval: PriceInterval | undefined
  /** What it is sold for at that interval; `undefined` where it has no price. */
  readonly sold: PlanPriceView | undefined
  /** Each interval; `undefined` where it has no price, or none in that currency. */
  readonly price: PriceView | undefined
  /** The same by month, in whole minor units, rounded up: nobody pays more than it says. */
  readonly monthly: PriceView | undefined
  /** Which part of twelve months' prices a year's price saves, from 0 to 1; 0 where it saves nothing or one is not sold. */
  readonly saving: number
  readonly quantity: number
  /** Days for nothing that a checkout would begin with; 0 for somebody who has subscribed before. */
  readonly trialDays: number
  readonly standing: PlanStanding
  readonly action: PlanAction
}

/** What a pricing table shows. */
export interface Pricing {
  readonly plans: readonly PricingPlan[]
  /** The intervals that anything is sold at, shortest first. */
  readonly intervals: readonly PriceInterval[]
  /** The currencies that everything with a price is sold in. */
  readonly currencies: readonly string[]
  /** The largest saving of any plan. */
  readonly saving: number
}

/** The part of a snapshot that a pricing table looks at. */
type Standing = Pick<Snapshot, 'plan' | 'status' | 'subscription' | 'notices' | 'canManageBilling'>

/**
 * Every plan with its price, and how it stands to what the customer has. Pure. Plans rank as the catalog lists them, as
 * they do on the server, which decides what a change comes to.
 *
 * @param customer `undefined` for somebody who is not signed in, or not known yet.
 */
export function derivePricing({ plans }: PlansView, customer?: Standing, choice: PricingChoice = {}): Pricing {
  const rank = plans.findIndex(({ key }) => key === customer?.plan)
  const held = customer && isSubscribed(customer.status) ? customer.subscription?.quantity : undefined
  const list = plans.map((plan, index): PricingPlan => {
    const { prices } = plan
    const interval = ([choice.interval, 'month', 'year'] as const).find((each) => each && prices[each])
    const sold = interval && prices[interval]
    const quantity = Math.max(choice.quantity ?? held ?? 1, sold?.minimum ?? 1)
    const [monthly, yearly] = [prices.month, prices.year].map((each) => each && derivePrice(each, { ...choice, quantity }))
    const price = interval === 'year' ? yearly : monthly
    const standing = customer ? standingOf({ plan, interval, sold, quantity: choice.quantity && quantity }, customer, rank < 0 ? undefined : index - rank) : 'available'
    const action = actionOf(plan, standing, customer)
    return {
      plan, interval, sold, quantity, price, standing, action,
      trialDays: action === 'checkout' && (customer?.status ?? 'none') === 'none' ? plan.trialDays : 0,
      monthly: price && price === yearly ? { ...price, amount: Math.ceil(price.amount / 12) } : price,
      // What is not sold to so few cannot be compared for them.
      saving: monthly?.amount && yearly && !Object.values(prices).some(({ minimum }) => minimum > quantity) ? Math.max(0, 1 - yearly.amount / (12 * monthly.amount)) : 0,
    }
  })
  const [first = [], ...others] = plans.flatMap(({ prices }) => Object.values(prices).map(({ options }) => options.map(({ currency }) => currency)))
  return {
    plans: list,
    intervals: (['month', 'year'] as const).filter((interval) => plans.some(({ prices }) => prices[interval])),
    currencies: first.filter((currency) => others.every((sold) => sold.includes(currency))),
    saving: Math.max(0, ...list.map(({ saving }) => saving)),
  }
}

function standingOf(
  { plan, interval, sold, quantity }: Pick<PricingPlan, 'plan' | 'interval' | 'sold'> & Pick<PricingChoice, 'quantity'>,
  { notices, subscription }: Standing,
  above: number | undefined,
): PlanStanding {
  for (const notice of notices) {
    const isThis = notice.kind === 'change-scheduled'
      ? notice.plan === plan.key && (interval ?? notice.interval) === (notice.interval ?? interval)
      : plan.default && notice.kind === 'cancellation-scheduled'
    if (isThis) return 'scheduled'
  }
  // A list of plans may be older than the plan that somebody has.
  if (above === undefined) return 'available'
  if (above) return above > 0 ? 'upgrade' : 'downgrade'
  if (!subscription || !interval) return 'current'
  if ((subscription.interval ?? interval) !== interval) return 'interval'
  // Who has fewer than are sold now keeps them until another number is chosen.
  return sold?.perSeat && quantity && subscription.quantity !== quantity ? 'quantity' : 'current'
}

function actionOf(plan: PlanView, standing: PlanStanding, customer: Standing | undefined): PlanAction {
  const { canManageBilling, notices, status = 'none' } = { ...customer }
  const isFree = Object.keys(plan.prices).length === 0
  const isPaying = isSubscribed(status)
  // What the customer has ends or changes by itself.
  if (standing === 'current' && canManageBilling && notices?.some(({ kind }) => kind.endsWith('-scheduled'))) return 'resume'
  if (standing === 'scheduled' || standing === 'current') return 'none'
  if (plan.contactSales) return 'contact'
  if (isFree && !(plan.default && isPaying)) return 'none'
  if (canManageBilling === false) return 'ask'
  return isPaying ? (isFree ? 'cancel' : 'change') : 'checkout'
}
