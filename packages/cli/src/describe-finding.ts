import type { ReconcileFinding } from '@farebox/core'

/** A finding as one line: `~` repaired, `?` left to you, and what to do about it. */
export function describeFinding(finding: ReconcileFinding): string {
  return `${finding.repaired ? '~' : '?'} ${finding.customer}: ${sentenceOf(finding)}`
}

function sentenceOf(finding: ReconcileFinding): string {
  switch (finding.kind) {
    case 'difference': {
      const { collection, id, field, stored, stripe } = finding
      if (field === null) return `${collection} ${id} is not stored`
      return `${collection} ${id}: ${field} is stored as ${show(stored)}, Stripe says ${show(stripe)}`
    }
    case 'failed-event':
    case 'parked-event': {
      const { event, type, failure, kind } = finding
      const state = kind === 'failed-event' ? 'failed' : 'was put aside'
      return `event ${event} (${type}) ${state}${failure === null ? '' : `: ${failure}`}`
    }
    case 'stuck-operation':
      return `${finding.intent} of ${finding.subscription} was begun at ${new Date(finding.since).toISOString()} and left halfway`
    case 'unlinked-customer':
      return `${finding.paymentCustomer} names this customer and is not linked`
    case 'second-payment-customer': {
      const { linked, paymentCustomer, subscriptions } = finding
      const paid = subscriptions.length === 0 ? 'nothing of it is live: remove its metadata or delete it' : `it pays for ${subscriptions.join(', ')}: cancel and refund`
      return `${paymentCustomer} names this customer besides ${linked}; ${paid}`
    }
    case 'several-subscriptions':
      return `${finding.subscriptions.join(' and ')} are both live: cancel and refund one in the dashboard`
    case 'subscription-without-plan':
      return `${finding.subscription} is paid for and gives nothing: price ${finding.price} names ${finding.plan === null ? 'no plan, or two' : `plan ${finding.plan}, which the catalog does not have`}`
    case 'purchase-without-pack':
      return `pack ${finding.pack} was paid in ${finding.session} and gives nothing, for the catalog does not have it: put it back, or refund it`
    case 'open-checkout':
      return `checkout ${finding.session} (${finding.plan}) can be paid although a subscription is live: expire it in the dashboard, or let it end`
    case 'unreadable-customer':
      return `cannot be read: ${finding.failure}${hints.get(finding.failure) ?? ''}`
    default:
      return finding satisfies never
  }
}

/** What to do about a customer that Stripe does not tell of. */
const hints: ReadonlyMap<string, string> = new Map([
  ['payments-failed:resource_missing', '. Stripe does not know its customer: use the key of the account and mode in which it was made, or an empty store where test data was deleted or a simulator was started anew'],
  ['payments-failed:customer-mismatch', '. Its customer in Stripe names another, or none: put farebox_customer in the metadata right'],
])

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
