/**
 * What an event of a type is a reason for: reading its customer again, telling the app's people, or nothing.
 */
export type EventUse = 'converge' | 'warn' | 'ignore'

/** What is read of the customer besides the subscriptions: what was bought once, or what was refunded and contested. */
export type EventReads = 'purchases' | 'reversals'

/** One type of event, or all that begin alike (`price.*`), and why it is used so. */
export interface EventRule {
  readonly types: readonly string[]
  readonly use: EventUse
  readonly reads?: EventReads
  readonly reason: string
}

/**
 * Every type of event that has to do with subscriptions, and what it is a reason for; a type that is not here is ignored. Thin
 * events are named as their twins, without `v1.`. State never comes from an event, so what else one tells is of no use: see
 * https://docs.stripe.com/api/events/types
 */
export const eventRules: readonly EventRule[] = [
  {
    types: ['checkout.session.completed', 'checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed'],
    use: 'converge',
    reads: 'purchases',
    reason: 'The customer bought something, or a payment that was under way has come to its end.',
  },
  { types: ['checkout.session.expired'], use: 'converge', reason: 'Nothing was bought: the next checkout is a new one.' },
  {
    types: [
      'customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted', 'customer.subscription.paused',
      'customer.subscription.resumed', 'customer.subscription.trial_will_end', 'customer.subscription.pending_update_applied',
      'customer.subscription.pending_update_expired',
    ],
    use: 'converge',
    reason: 'The subscription changed, or is about to.',
  },
  {
    types: ['customer.subscription.*'],
    use: 'converge',
    reason: 'Thin events tell more closely what changed (`v1.customer.subscription.past_due`), and Stripe adds to them.',
  },
  {
    types: ['subscription_schedule.updated', 'subscription_schedule.released', 'subscription_schedule.canceled', 'subscription_schedule.completed', 'subscription_schedule.aborted'],
    use: 'converge',
    reason: 'What a subscription becomes next changed; the subscription itself did not.',
  },
  { types: ['subscription_schedule.*'], use: 'ignore', reason: 'A schedule that begins changes its subscription, which tells so.' },
  {
    types: ['invoice.paid', 'invoice.payment_failed', 'invoice.payment_action_required', 'invoice.finalization_failed', 'invoice.voided', 'invoice.marked_uncollectible', 'invoice.overdue'],
    use: 'converge',
    reason: 'Whether something is owed, since when, and what the customer can do about it.',
  },
  {
    types: ['invoice_payment.paid'],
    use: 'converge',
    reason: 'A part of an open invoice was paid, so that less is owed. What pays a whole invoice is passed over: `invoice.paid` tells of it.',
  },
  { types: ['invoice.payment_succeeded', 'invoice_payment.*'], use: 'ignore', reason: '`invoice.paid` tells of every payment, also of one made outside of Stripe.' },
  { types: ['invoice.upcoming'], use: 'ignore', reason: 'A forecast, without an id of its own; Stripe is asked for one when somebody looks.' },
  { types: ['invoice.*', 'invoiceitem.*'], use: 'ignore', reason: 'Nothing is owed before an invoice is finalized, and then it is paid or fails.' },
  { types: ['credit_note.created', 'credit_note.voided'], use: 'converge', reason: 'Less is owed of an open invoice, or as much as before again.' },
  { types: ['customer.created'], use: 'converge', reason: 'Links a customer that was made elsewhere in the app\'s name.' },
  { types: ['customer.updated'], use: 'converge', reason: 'The card that pays by default, and whose customer it is.' },
  { types: ['customer.deleted'], use: 'converge', reason: 'Everything that the customer had has ended.' },
  { types: ['customer.*'], use: 'ignore', reason: 'Discounts, tax ids and sources change invoices, which tell so.' },
  { types: ['payment_method.updated', 'payment_method.automatically_updated'], use: 'converge', reason: 'A card was renewed: it expires later.' },
  { types: ['payment_method.*'], use: 'ignore', reason: 'What pays is told by `customer.updated` and `customer.subscription.updated`.' },
  {
    types: ['billing.meter.error_report_triggered', 'billing.meter.no_meter_found'],
    use: 'warn',
    reason: 'Stripe drops usage that somebody reported to a meter of the account: the log says so. Health does not, for Farebox reports none. Thin events alone tell of it.',
  },
  {
    types: ['charge.refunded', 'charge.refund.updated', 'refund.created', 'refund.updated', 'refund.failed'],
    use: 'converge',
    reads: 'reversals',
    reason: 'What was refunded of a pack is taken back. Before API 2024-10-28.acacia `charge.refund.updated` alone tells that a refund failed. A subscription goes on until it is ended.',
  },
  {
    types: ['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated'],
    use: 'converge',
    reads: 'reversals',
    reason: 'A pack whose payment was lost to a dispute is taken back. Where a dispute ends a subscription, the subscription tells so.',
  },
  {
    types: ['payment_intent.processing'],
    use: 'converge',
    reason: 'A bank debit is under way: what had failed is being paid, which takes days.',
  },
  { types: ['charge.*', 'refund.*', 'payment_intent.*', 'setup_intent.*'], use: 'ignore', reason: 'Sessions and invoices tell what was paid.' },
  { types: ['entitlements.active_entitlement_summary.*'], use: 'ignore', reason: 'What a plan gives stands in the catalog.' },
  { types: ['price.*', 'product.*', 'plan.*', 'coupon.*', 'promotion_code.*'], use: 'ignore', reason: 'The catalog is pushed to Stripe; what is sold is read with each subscription.' },
]

const rulesByType = new Map<string, EventRule>()
const rulesByPrefix: [prefix: string, rule: EventRule][] = []
for (const rule of eventRules) {
  for (const type of rule.types) {
    if (type.endsWith('*')) rulesByPrefix.push([type.slice(0, -1), rule])
    else rulesByType.set(type, rule)
  }
}

/** What an event of a type, snapshot or thin, is a reason for. */
export function useOf(type: string): EventUse {
  return ruleOf(type)?.use ?? 'ignore'
}

/** What an event of a type makes worth reading besides the subscriptions. */
export function readsOf(type: string): EventReads | undefined {
  return ruleOf(type)?.reads
}

function ruleOf(type: string): EventRule | undefined {
  const plain = type.startsWith('v1.') ? type.slice('v1.'.length) : type
  return rulesByType.get(plain) ?? rulesByPrefix.find(([prefix]) => plain.startsWith(prefix))?.[1]
}

/** Which types an endpoint for snapshot events has to be sent: what it is sent beyond is ignored. */
export const webhookEvents: readonly string[] = typesFor('converge').filter((type) => !type.endsWith('*'))

/** Which types a destination for thin events has to be sent. Two of them tell of what no snapshot event does. */
export const thinWebhookEvents: readonly string[] = [...webhookEvents, ...typesFor('warn')].map((type) => `v1.${type}`)

function typesFor(use: EventUse): readonly string[] {
  return eventRules.flatMap((rule) => (rule.use === use ? rule.types : []))
}
