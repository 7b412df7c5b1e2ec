import type { PushStep } from '@farebox/core/catalog'
import type { PriceInterval } from '@farebox/core/protocol'

/** What a push does with something, for a heading: `replace` is a new price that takes the place of an old one. */
export type PushGroup = 'create' | 'replace' | 'change' | 'retire' | 'leave'

/** Texts of the plan editor. Whoever edits a catalog is a colleague: these are in English unless the app says otherwise. */
export interface PlanEditorMessages {
  readonly plansTitle: string
  readonly undo: string
  readonly undone: string
  readonly moveUp: (plan: string) => string
  readonly moveDown: (plan: string) => string
  readonly remove: string
  readonly removePlan: (plan: string) => string
  readonly planRemoved: (plan: string) => string
  readonly planMoved: (plan: string, place: number, of: number) => string
  readonly addPlan: string
  readonly planKey: string
  readonly planKeyHint: string
  readonly keyTaken: string
  readonly faults: (count: number) => string
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
  readonly tierPrice: (interval: PriceInterval, currency: string, place: number) => string
  readonly tierEnd: (place: number) => string
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
  readonly overageOf: (feature: string, currency: string) => string
  readonly overageHint: string
  readonly restLoading: string
  readonly restFailed: string
  readonly restRetry: string
  readonly changesTitle: string
  readonly changesHint: string
  readonly noChanges: string
  readonly changesAfterFaults: string
  readonly group: (group: PushGroup) => string
  /** What a push does, in a few words. `nameOf` is a plan's name, `money` what a price costs. */
  readonly step: (step: PushStep, nameOf: (plan: string) => string, prices: { readonly now: string; readonly before: string }) => string
  readonly fileTitle: string
  readonly copy: string
  readonly copied: string
  readonly notCopied: string
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
  faults: (count) => (count === 1 ? '1 thing to put right' : `${count} things to put right`),
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
  tierEnd: (place) => `Last seat of tier ${place}`,
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
  overageOf: (feature, currency) => `${feature}, each one beyond, ${currency}`,
  overageHint: 'Empty: nothing goes beyond.',
  restLoading: 'Loading rate limits, packs and rules…',
  restFailed: 'Rate limits, packs and rules could not be loaded.',
  restRetry: 'Try again',
  changesTitle: 'What farebox push would do',
  changesHint: 'In an account to which the former catalog was pushed. It takes effect when the file is deployed.',
  noChanges: 'Nothing: Stripe would stay as it is.',
  changesAfterFaults: 'Put right what is wrong first.',
  group: (group) =>
    ({
      create: 'Makes',
      replace: 'Replaces prices: the old ones are archived, and subscriptions keep them',
      change: 'Changes',
      retire: 'Archives: nobody can buy it any more, subscriptions keep it',
      leave: 'Leaves for you to decide',
    })[group],
  step: (step, nameOf, { now, before }) => {
    switch (step.kind) {
      case 'product': {
        const plan = nameOf(step.action === 'leave' ? step.plan : step.target.plan)
        if (step.action === 'leave') return `The product of ${plan}, which the catalog no longer has`
        return step.action === 'change' ? `The product ${plan}: ${step.fields.join(', ')}` : `The product ${plan}`
      }
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${nameOf(plan)}, ${interval === 'year' ? 'yearly' : 'monthly'}`
        if (step.action === 'retire') return price
        return before ? `${price}: ${now} in place of ${before}` : `${price}: ${now}`
      }
      case 'pack': return `The pack ${step.action === 'retire' ? step.pack : step.target.name}`
      case 'portal': return 'What the billing portal offers'
      default: return step satisfies never
    }
  },
  fileTitle: 'As the catalog file',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Could not copy. Select the text instead.',
}
