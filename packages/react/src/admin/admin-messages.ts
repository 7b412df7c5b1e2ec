import type { AuditView, BucketView, EntitlementSource, ProblemName } from '@farebox/core/protocol'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'

/** What an admin can change of a customer. */
export type AdminChange = 'grant' | 'void-grant' | 'override' | 'end-override'

/** The words of the form of a change. */
export interface AdminChangeText {
  readonly title: string
  /** What comes of it. */
  readonly text: string
  /** What its button says. */
  readonly action: string
  /** What is told when it is done. */
  readonly done: string
}

/** What an admin can get wrong in a form, by the path of the fault. */
export type AdminFaultWord = 'amount' | 'expiresAt' | 'feature' | 'key' | 'plan' | 'reason' | 'until'

/** Texts for those who help customers. In English unless `messages` of the panel say otherwise; other languages are entries of their own. */
export interface AdminMessages {
  readonly searchLabel: string
  readonly searchHint: string
  readonly searchAction: string
  readonly resultsTitle: string
  readonly found: (count: number, written: string) => string
  readonly noCustomers: (search: string) => string
  readonly backToResults: string
  /** Why the server refused, by the name of its problem: an admin can do other things about it than a customer. */
  readonly refusals: { readonly [Word in ProblemName]?: string }
  /** What to do about a field that the server refused; what has no words here is said as the server says it, in English. */
  readonly fieldFaults: { readonly [Word in AdminFaultWord]?: string }
  /** Where it said nothing. */
  readonly unreachable: string
  readonly customerId: string
  readonly email: string
  readonly paymentCustomer: string
  readonly planOf: (source: EntitlementSource) => string
  readonly subscription: string
  readonly period: string
  readonly periodOf: (start: string, end: string) => string
  readonly trialEnds: string
  readonly balancesTitle: string
  readonly noBalances: string
  readonly othersTitle: string
  readonly included: string
  readonly notIncluded: string
  readonly usedOf: (used: string, limit: string) => string
  readonly unlimited: string
  readonly columnSource: string
  readonly columnAmount: string
  readonly columnUsed: string
  readonly columnReserved: string
  readonly columnLeft: string
  readonly columnEnds: string
  readonly columnActions: string
  readonly sourceOf: (source: BucketView['source']) => string
  readonly never: string
  readonly overridesTitle: string
  readonly noOverrides: string
  readonly overrideUntil: (until: string | null) => string
  readonly overrideEnded: (at: string) => string
  readonly auditTitle: string
  readonly noAudit: string
  /** What somebody did. `name` is the feature's or the plan's, `amount` and `until` are written already. */
  readonly audit: (action: AuditView['action'], what: { readonly name: string; readonly amount: string; readonly until: string | null }) => string
  /** Who did it, where nobody was named. */
  readonly app: string
  readonly change: (change: AdminChange, name: string) => AdminChangeText
  readonly grantAction: string
  readonly overrideAction: string
  /** Of a button, and in whole, with what it is about: the first stands in the second. */
  readonly voidAction: string
  readonly voidNamed: (grant: string) => string
  readonly endAction: string
  readonly endNamed: (plan: string) => string
  readonly fieldFeature: string
  readonly fieldPlan: string
  readonly fieldAmount: string
  readonly fieldEnds: string
  readonly endsHint: string
  readonly fieldReason: string
  readonly reasonHint: string
  readonly fieldKey: string
  readonly keyHint: string
  /** Where a key was given again whose grant or plan has ended: it gives nothing a second time. */
  readonly keyEnded: string
  readonly cancel: string
}

/** The default words. */
export const adminEnglish: CommonMessages & AdminMessages = {
  ...commonEnglish,
  searchLabel: 'Find a customer',
  searchHint: 'The whole id, Stripe id or e-mail address.',
  searchAction: 'Search',
  resultsTitle: 'Customers found',
  found: (count, written) => `${written} ${count === 1 ? 'customer' : 'customers'} found`,
  noCustomers: (search) => `Nobody has the id or the e-mail address “${search}”.`,
  backToResults: 'Back to the results',
  refusals: {
    unauthenticated: 'You are signed out.',
    forbidden: 'You are not an admin.',
    'invalid-request': 'The request is not valid.',
    'idempotency-conflict': 'The key stands for something else.',
    'not-found': 'Nobody has this id, or the admin routes are closed: tell createFarebox who an admin is.',
    'rate-limited': 'Too many attempts. Try again in a minute.',
  },
  fieldFaults: {},
  unreachable: 'Could not reach the server.',
  customerId: 'Customer',
  email: 'E-mail',
  paymentCustomer: 'Stripe customer',
  planOf: (source) => ({ default: 'as everybody', subscription: 'subscribed', override: 'given for free' })[source],
  subscription: 'Subscription',
  period: 'Billing period',
  periodOf: (start, end) => `${start} to ${end}`,
  trialEnds: 'Trial ends',
  balancesTitle: 'Balances',
  noBalances: 'No feature of the catalog is counted.',
  othersTitle: 'Other features',
  included: 'included',
  notIncluded: 'not included',
  usedOf: (used, limit) => `${used} of ${limit} used`,
  unlimited: 'unlimited',
  columnSource: 'Drawn from, in this order',
  columnAmount: 'Amount',
  columnUsed: 'Used',
  columnReserved: 'Reserved',
  columnLeft: 'Left',
  columnEnds: 'Ends',
  columnActions: 'Actions',
  sourceOf: (source) => ({ allowance: 'Allowance of the plan', grant: 'Grant', pack: 'Pack', overage: 'Overage, billed' })[source],
  never: 'never',
  overridesTitle: 'Plans given for free',
  noOverrides: 'None was given.',
  overrideUntil: (until) => (until === null ? 'until it is ended' : `until ${until}`),
  overrideEnded: (at) => `ended ${at}`,
  auditTitle: 'Last 100 changes',
  noAudit: 'Nothing was changed by hand.',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : ` until ${until}`
    switch (action) {
      case 'grant': return `Granted ${amount} ${name}${end}`
      case 'void-grant': return `Voided the grant of ${amount} ${name}`
      case 'override': return `Gave ${name}${end}`
      case 'end-override': return `Ended ${name}`
      default: return action satisfies never
    }
  },
  app: 'the app',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `Grant to ${name}`, text: '', action: 'Grant', done: 'Granted' }
      case 'override':
        return { title: `Give ${name} a plan for free`, text: 'A higher plan that is paid for goes before it.', action: 'Give the plan', done: 'The plan was given' }
      case 'void-grant':
        return {
          title: `Void “${name}”?`,
          text: 'Nothing more is drawn from it; what was used stays used. Its key grants nothing again.',
          action: 'Void the grant',
          done: 'The grant was voided',
        }
      case 'end-override': return { title: `End ${name}?`, text: 'The customer has their other plan from now on.', action: 'End the plan', done: 'The plan was ended' }
      default: return change satisfies never
    }
  },
  grantAction: 'Grant more',
  overrideAction: 'Give a plan',
  voidAction: 'Void',
  voidNamed: (grant) => `Void ${grant}`,
  endAction: 'End',
  endNamed: (plan) => `End ${plan}`,
  fieldFeature: 'Feature',
  fieldPlan: 'Plan',
  fieldAmount: 'Amount',
  fieldEnds: 'Ends on',
  endsHint: 'As this day begins in UTC. Without one it never ends.',
  fieldReason: 'Reason',
  reasonHint: 'For the audit. Customers never see it.',
  fieldKey: 'Key',
  keyHint: 'Names what it is for, such as a ticket. The same key counts once.',
  keyEnded: 'Nothing was given: what this key stood for has ended. Choose another key.',
  cancel: 'Cancel',
}
