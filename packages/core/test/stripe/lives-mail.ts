import type { Stripe } from 'stripe'

/** Which destinations are told: one for snapshot events, one for thin ones, or, while an app changes over, both. */
export type MailStyle = 'snapshot' | 'thin' | 'both'
export const mailStyles: readonly MailStyle[] = ['snapshot', 'snapshot', 'thin', 'both']

/** What is delivered of an event. */
export interface Mail {
  readonly body: { readonly id: string }
  /** The name that it is noted under, which both destinations share. */
  readonly note: string
  /** As snapshot events name it. */
  readonly type: string
  /** Seconds. */
  readonly created: number
  /** Whether it is of a page on which a subscription begins. */
  readonly isOfSubscription: boolean
  readonly isThin: boolean
}

/** What Stripe sends of new events. Thin ones are Stripe's own, looked up; there may be several of one happening. */
export async function toMail(client: Stripe, events: readonly Stripe.Event[], style: MailStyle): Promise<readonly Mail[]> {
  const snapshots = events.map((body): Mail => ({ body, isThin: false, ...factsOf(body) }))
  if (style === 'snapshot' || events.length === 0) return snapshots
  const thin = await thinTwins(client, new Map(events.map((event) => [event.id, event])))
  return style === 'both' ? [...snapshots, ...thin] : thin
}

async function thinTwins(client: Stripe, events: ReadonlyMap<string, Stripe.Event>): Promise<readonly Mail[]> {
  const found: Mail[] = []
  const left = new Set(events.keys())
  // The newest come first.
  for await (const body of client.v2.core.events.list({ limit: 100 })) {
    const note = 'snapshot_event' in body && typeof body.snapshot_event === 'string' ? body.snapshot_event : ''
    const event = events.get(note)
    if (event !== undefined) {
      found.push({ body, isThin: true, ...factsOf(event), type: body.type.replace(/^v1\./, '') })
      left.delete(note)
    } else if (left.size === 0) break
  }
  return found
}

function factsOf({ id, type, created, data: { object } }: Stripe.Event): Omit<Mail, 'body' | 'isThin'> {
  return { note: id, type, created, isOfSubscription: 'mode' in object && object.mode === 'subscription' }
}

/** The same told a second time under another id. A thin event still names its snapshot event. */
export function againAs(mail: Mail, count: number): Mail {
  const id = `${mail.body.id}again${count}`
  return { ...mail, body: { ...mail.body, id }, note: mail.isThin ? mail.note : id }
}

/** Those that an endpoint is told to subscribe to. */
export function isAboutSubscription({ type }: Pick<Mail, 'type'>): boolean {
  return /^(customer\.(subscription\.|deleted)|subscription_schedule\.(updated|released|canceled|completed|aborted)$|checkout\.session\.completed|invoice\.(paid|payment_failed|payment_action_required|voided|marked_uncollectible)$|payment_intent\.processing$)/.test(type)
}

/** Those that tell of packs and of money that goes back. */
export function isAboutPurchases({ type, isOfSubscription }: Mail): boolean {
  return !isOfSubscription && /^(checkout\.session\.(completed|async_payment_succeeded)|charge\.refunded|refund\.(created|updated|failed)|charge\.dispute\.(created|closed))$/.test(type)
}
