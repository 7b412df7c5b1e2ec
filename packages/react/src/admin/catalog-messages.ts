import type { MoveKind, MoveRule } from '@farebox/core/catalog'
import type { Access, AccessStatus } from './edit-rules.ts'

/** Texts about what a catalog has besides its plans. In English unless the app says otherwise, as those of the plans. */
export interface CatalogMessages {
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
  readonly graceHint: (usual: number) => string
  readonly accessOf: (status: AccessStatus) => string
  readonly accessRule: (rule: Access) => string
}

/** The default words. */
export const catalogEnglish: CatalogMessages = {
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
}
