import type { AccessRule, CatalogData, MoveKind, MoveRule, PushStep, TiersMode } from '@farebox/core/catalog'
import type { AccessStatus } from './edit-rules.ts'

type FeatureData = CatalogData['features'][string]
export type FeatureKind = FeatureData['kind']
export type UsageAnchor = Extract<FeatureData, { readonly kind: 'metered' }>['anchor']

/** What a push does with something, for a heading: `replace` is a new price that takes the place of an old one. */
export type PushGroup = 'create' | 'replace' | 'change' | 'retire' | 'leave'

/** Texts about what a catalog has besides its plans, and what a push of it does. In English unless the app says otherwise, as those of the plans. */
export interface CatalogMessages {
  readonly featuresOfAll: string
  readonly featuresHint: string
  readonly noFeatures: string
  readonly addFeature: string
  readonly featureKey: string
  readonly featureKeyHint: string
  readonly featureKeyTaken: string
  readonly featureKind: string
  readonly kindOf: (kind: FeatureKind) => string
  readonly removeFeature: (feature: string) => string
  readonly featureRemoved: (feature: string) => string
  readonly unit: string
  readonly unitHint: string
  readonly anchor: string
  readonly anchorOf: (anchor: UsageAnchor) => string
  readonly onError: string
  readonly onErrorRule: (rule: FeatureData['onError']) => string
  readonly acceptLossy: string
  readonly lease: string
  readonly leaseMost: string
  readonly leaseIdle: string
  readonly gatesTitle: string
  readonly gatesOf: (feature: string) => string
  readonly gatesHint: string
  readonly packsTitle: string
  readonly noPacks: string
  readonly addPack: string
  readonly packKey: string
  readonly packKeyHint: string
  readonly packKeyTaken: string
  readonly removePack: (pack: string) => string
  readonly packRemoved: (pack: string) => string
  readonly packPrice: (currency: string) => string
  readonly packGives: (feature: string) => string
  readonly packGivesHint: string
  readonly packExpires: string
  readonly packExpiresHint: string
  readonly packRefunds: string
  readonly packRefundsRule: (rule: 'void' | 'keep') => string
  readonly rulesTitle: string
  readonly movesTitle: string
  readonly moveOf: (kind: MoveKind) => string
  readonly moveRule: (rule: MoveRule) => string
  readonly pairOf: (from: string, to: string) => string
  readonly pairFrom: string
  readonly pairTo: string
  readonly addPair: string
  readonly pairTaken: string
  readonly removePair: (from: string, to: string) => string
  readonly lifecycleTitle: string
  readonly graceDays: string
  readonly graceHint: (usual: string) => string
  readonly accessOf: (status: AccessStatus) => string
  readonly accessRule: (rule: AccessRule) => string
  readonly changesTitle: string
  readonly changesHint: string
  readonly noChanges: string
  readonly changesAfterFaults: string
  readonly group: (group: PushGroup) => string
  /** A tier's price and its last seat; `null` in the last tier. */
  readonly tierCost: (price: string, end: string | null) => string
  /** A price with how its tiers count, `null` without tiers, and the fewest seats that are sold. */
  readonly priceTerms: (cost: string, mode: TiersMode | null, minimum: number, written: string) => string
  /** What a push does, in a few words. `nameOf` is a plan's or a pack's name; `now` and `before` are what it costs. */
  readonly step: (step: PushStep, nameOf: (plan: string) => string, prices: { readonly now: string; readonly before: string }) => string
  readonly fileTitle: string
  readonly copy: string
  readonly copied: string
  readonly notCopied: string
}

/** The default words. */
export const catalogEnglish: CatalogMessages = {
  featuresOfAll: 'Features of the catalog',
  featuresHint: 'Their keys stay: usage, grants and code go by them. What people call a feature is for the app’s labels to say.',
  noFeatures: 'There is none.',
  addFeature: 'Add a feature',
  featureKey: 'Key of the new feature',
  featureKeyHint: 'What the code calls it, such as “apiCalls”. It stays.',
  featureKeyTaken: 'There is a feature of this key.',
  featureKind: 'Kind',
  kindOf: (kind) => ({ metered: 'counted per period', seats: 'held until given back', toggle: 'on or off', setting: 'a value' })[kind],
  removeFeature: (feature) => `Remove the feature ${feature}`,
  featureRemoved: (feature) => `${feature} was removed, from all plans and packs too. Undo brings it back.`,
  unit: 'Unit',
  unitHint: 'What one is called: call, token.',
  anchor: 'Its periods begin with',
  anchorOf: (anchor) => ({ customer: 'the customer', calendar: 'the calendar, in UTC', subscription: 'the billing period' })[anchor],
  onError: 'When nobody can decide',
  onErrorRule: (rule) => (rule === 'deny' ? 'refuse' : 'allow'),
  acceptLossy: 'May be kept where counts can be lost',
  lease: 'Instances take usage ahead, in blocks',
  leaseMost: 'Most in a block',
  leaseIdle: 'A block is kept, in milliseconds',
  gatesTitle: 'Rate limits',
  gatesOf: (feature) => `${feature}, at most`,
  gatesHint: 'Such as 100/minute, 1000/hour. A third number is how many at once: 1000/hour/50.',
  packsTitle: 'Packs, paid once',
  noPacks: 'None is sold.',
  addPack: 'Add a pack',
  packKey: 'Key of the new pack',
  packKeyHint: 'What the code calls it, such as “small”. It stays.',
  packKeyTaken: 'There is a pack of this key.',
  removePack: (pack) => `Remove the pack ${pack}`,
  packRemoved: (pack) => `The pack ${pack} was removed. Undo brings it back.`,
  packPrice: (currency) => `Price, ${currency}`,
  packGives: (feature) => `${feature}, gives`,
  packGivesHint: 'Empty: none.',
  packExpires: 'Ends after, in days',
  packExpiresHint: 'Empty: what is left stays.',
  packRefunds: 'When it is paid back',
  packRefundsRule: (rule) => (rule === 'void' ? 'what it gave is taken back' : 'what it gave stays'),
  rulesTitle: 'Rules for all plans',
  movesTitle: 'Changes of the plan',
  moveOf: (kind) =>
    ({
      upgrade: 'To a higher plan', downgrade: 'To a lower plan', longerInterval: 'From month to year', shorterInterval: 'From year to month',
      moreQuantity: 'More seats', lessQuantity: 'Fewer seats',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return 'at the end of the period'
    return { invoice: 'at once, invoiced now', 'next-invoice': 'at once, on the next invoice', none: 'at once, not prorated' }[proration]
  },
  pairOf: (from, to) => `From ${from} to ${to}`,
  pairFrom: 'From the plan',
  pairTo: 'To the plan',
  addPair: 'Add a rule for two plans',
  pairTaken: 'There is a rule for these two, or they are the same.',
  removePair: (from, to) => `Remove the rule from ${from} to ${to}`,
  lifecycleTitle: 'Access while something is wrong',
  graceDays: 'Days of grace',
  graceHint: (usual) => `After an unpaid invoice. Empty: ${usual}.`,
  accessOf: (status) =>
    ({
      incomplete: 'First payment open', incomplete_expired: 'First payment never made', trialing: 'On trial', active: 'Paid', past_due: 'Payment overdue',
      unpaid: 'Not paid after all attempts', paused: 'Paused', canceled: 'Canceled', unknown: 'Not known',
    })[status],
  accessRule: (rule) => ({ full: 'access', grace: 'access for the days of grace', none: 'no access' })[rule],
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
  tierCost: (price, end) => (end === null ? `${price} beyond` : `${price} to seat ${end}`),
  priceTerms: (cost, mode, minimum, written) =>
    [cost, mode && `${mode} tiers`, minimum > 1 && `${written} seats at least`].filter(Boolean).join(', '),
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
      case 'pack': {
        if (step.action === 'retire') return `The pack ${nameOf(step.pack)}`
        const pack = `The pack ${step.target.name}: ${now}`
        return before ? `${pack} in place of ${before}` : pack
      }
      case 'portal': return 'What the billing portal offers'
      default: return step satisfies never
    }
  },
  fileTitle: 'As the catalog file',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Could not copy. Select the text instead.',
}
