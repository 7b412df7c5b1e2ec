import type { Fault, TiersMode, UsageInterval } from '@farebox/core/catalog'
import type { PriceInterval } from '@farebox/core/protocol'

/** Texts of the plan editor. In English unless its `messages` say otherwise; other languages are entries of their own. */
export interface PlanEditorMessages {
  readonly plansTitle: string
  readonly undo: string
  readonly undone: string
  readonly moveUp: (plan: string) => string
  readonly moveDown: (plan: string) => string
  readonly remove: string
  readonly removePlan: (plan: string) => string
  readonly planRemoved: (plan: string) => string
  readonly planMoved: (plan: string, place: string, of: string) => string
  readonly addPlan: string
  readonly planKey: string
  readonly planKeyHint: string
  readonly keyTaken: string
  /** What is wrong at a place, as `defineCatalog` says it in English. */
  readonly fault: (fault: Fault) => string
  readonly faults: (count: number, written: string) => string
  readonly isDefault: string
  readonly isRecommended: string
  readonly contactSales: string
  readonly noPrice: string
  readonly name: string
  readonly description: string
  readonly trialDays: string
  readonly trialRequiresCard: string
  readonly pricesTitle: string
  readonly currencies: string
  readonly currenciesHint: string
  readonly sold: (interval: PriceInterval) => string
  readonly price: (interval: PriceInterval, currency: string) => string
  readonly tierPrice: (interval: PriceInterval, currency: string, place: string) => string
  readonly tierEnd: (interval: PriceInterval, place: string) => string
  readonly tiersMode: (interval: PriceInterval) => string
  readonly tiersModeOf: (mode: TiersMode) => string
  readonly addTier: (interval: PriceInterval) => string
  readonly removeTier: (interval: PriceInterval) => string
  readonly perSeat: (interval: PriceInterval) => string
  readonly minimumSeats: (interval: PriceInterval) => string
  readonly each: (price: string, interval: PriceInterval) => string
  readonly featuresTitle: string
  readonly included: (feature: string) => string
  readonly value: (feature: string) => string
  readonly valueHint: string
  readonly unlimited: (feature: string) => string
  readonly paidSeats: (feature: string) => string
  readonly amountOf: (feature: string) => string
  readonly per: (feature: string) => string
  readonly span: (span: UsageInterval) => string
  readonly overageOf: (feature: string, currency: string) => string
  readonly overageHint: string
  readonly restLoading: string
  readonly restFailed: string
  readonly restRetry: string
}

const intervals = { month: 'monthly', year: 'yearly' } as const

/** The default words. */
export const planEditorEnglish: PlanEditorMessages = {
  plansTitle: 'Plans, lowest first',
  undo: 'Undo',
  undone: 'Undone',
  moveUp: (plan) => `Move ${plan} up`,
  moveDown: (plan) => `Move ${plan} down`,
  remove: 'Remove',
  removePlan: (plan) => `Remove ${plan}`,
  planRemoved: (plan) => `${plan} was removed. Undo brings it back.`,
  planMoved: (plan, place, of) => `${plan} is plan ${place} of ${of}`,
  addPlan: 'Add a plan',
  planKey: 'Key of the new plan',
  planKeyHint: 'What the code calls it, such as “team”. It stays.',
  keyTaken: 'There is a plan of this key.',
  fault: ({ message }) => message,
  faults: (count, written) => `${written} ${count === 1 ? 'thing' : 'things'} to put right`,
  isDefault: 'Default: everybody has it who has no other',
  isRecommended: 'Recommended',
  contactSales: 'Not for sale: people get in touch',
  noPrice: 'no price',
  name: 'Name',
  description: 'Description',
  trialDays: 'Trial, in days',
  trialRequiresCard: 'A trial begins with a card',
  pricesTitle: 'Prices',
  currencies: 'Currencies',
  currenciesHint: 'The usual one first: usd, eur',
  sold: (interval) => `Sold ${intervals[interval]}`,
  price: (interval, currency) => `Price ${intervals[interval]}, ${currency}`,
  tierPrice: (interval, currency, place) => `Seat ${intervals[interval]}, ${currency}, tier ${place}`,
  tierEnd: (interval, place) => `Last seat ${intervals[interval]}, tier ${place}`,
  tiersMode: (interval) => `Tiers ${intervals[interval]}`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'each seat by its own tier' : 'all seats by the tier of their number'),
  addTier: (interval) => `Add a tier, ${intervals[interval]}`,
  removeTier: (interval) => `Remove the last tier, ${intervals[interval]}`,
  perSeat: (interval) => `Paid ${intervals[interval]} for each seat`,
  minimumSeats: (interval) => `Fewest seats, ${intervals[interval]}`,
  each: (price, interval) => `${price} ${intervals[interval]}`,
  featuresTitle: 'Features',
  included: (feature) => feature,
  value: (feature) => `${feature}, value`,
  valueHint: 'JSON, or a text.',
  unlimited: (feature) => `${feature}, unlimited`,
  paidSeats: (feature) => `${feature}, as many as are paid for`,
  amountOf: (feature) => `${feature}, amount`,
  per: (feature) => `${feature}, anew every`,
  span: (span) => span,
  overageOf: (feature, currency) => `${feature}, each one beyond, ${currency}`,
  overageHint: 'Empty: nothing goes beyond.',
  restLoading: 'Loading rate limits, packs and rules…',
  restFailed: 'Rate limits, packs and rules could not be loaded.',
  restRetry: 'Try again',
}
