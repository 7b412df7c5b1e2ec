import { type Subscription, factsIn, hasEnded } from '../domain/subscription.ts'
import type { Catalog } from '../domain/catalog.ts'
import type { Grant } from '../domain/grant.ts'
import type { Payments } from '../ports/payments.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'
import type { Purchase } from '../domain/purchase.ts'
import type { RecordEntry, RecordPlace, RecordReading, RecordStore } from '../ports/record-store.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import { plansView } from '../protocol/catalog-view.ts'

/** What is looked at. A farebox and its claims are looked at where they are given. */
export interface InvariantOptions {
  /** The app's records, as its store keeps them. */
  readonly records: RecordStore
  /** Stripe, read a second time: give `stripePayments` a client of its own. */
  readonly payments: Pick<Payments, 'readCustomer' | 'listCustomers' | 'readPurchases'>
  /** For what was counted, and for the packs that are sold. */
  readonly farebox?: { readonly catalog: Catalog; snapshot(request: { readonly customer: string }): Promise<Snapshot> }
  /** The claims that were written last of a customer, or `null` where none were. */
  readonly claimsOf?: (customer: string) => PlanClaims | null
  /** What your own handlers did for a customer, by the fact they did it for: `mailed in_1`. None may be there twice. */
  readonly effectsOf?: (customer: string) => readonly string[]
}

/** Something that must never be, of one customer. */
export interface Violation {
  readonly invariant:
    | 'stored-as-stripe-says'
    | 'one-live-subscription'
    | 'one-payment-customer'
    | 'one-grant-per-fact'
    | 'one-effect-per-fact'
    | 'one-trial'
    | 'within-limits'
    | 'events-done'
    | 'outbox-drained'
    | 'operations-finished'
    | 'claims-as-stored'
  readonly customer: string
  /** What is, in one line. */
  readonly found: string
}

const looked = ['customers', 'subscriptions', 'trials', 'inbox', 'outbox', 'operations'] as const
type Rows = RecordReading<(typeof looked)[number]>['rows']

/**
 * Looks at every customer, and answers what must never be once every event has arrived and nothing is under way: `[]`
 * where all is well. Writes nothing.
 */
export async function checkInvariants(options: InvariantOptions): Promise<readonly Violation[]> {
  const { records, payments, farebox, claimsOf, effectsOf } = options
  const violations: Violation[] = []
  const grantees = new Map<string, string>()
  for await (const { customer, value } of allCustomers(records)) {
    const { rows } = await records.load(customer, [...looked, 'grants'])
    const report = (invariant: Violation['invariant'], found: string): void => void violations.push({ invariant, customer, found })
    for (const { id } of rows.grants) {
      // A grant's id names what it is for; grants by hand and their keys are each customer's own.
      if (!id.startsWith('grant:')) continue
      const other = grantees.get(id)
      if (other !== undefined) report('one-grant-per-fact', `${id} was granted to ${other}, too`)
      grantees.set(id, customer)
    }
    checkLeftovers(rows, report)
    const { paymentCustomer } = value
    const reading = paymentCustomer === null ? null : await payments.readCustomer(paymentCustomer)
    checkSubscriptions(rows, reading?.subscriptions ?? [], report)
    if (paymentCustomer !== null && reading?.customer === customer) {
      const { purchases } = await payments.readPurchases({ paymentCustomer, since: null })
      checkPurchases(farebox?.catalog.packs ?? {}, rows.grants.map((grant) => grant.value), purchases, report)
    }
    for (const [fact, times] of timesOf(effectsOf?.(customer) ?? [])) if (times > 1) report('one-effect-per-fact', `${fact} happened ${times} times`)
    const claims = claimsOf?.(customer) ?? null
    if (claims !== null && claims.ev !== value.version) report('claims-as-stored', `claims have version ${claims.ev}, records ${value.version}`)
    if (farebox !== undefined) checkUsage(farebox.catalog, await farebox.snapshot({ customer }), report)
  }
  return [...violations, ...(await checkPaymentCustomers(records, payments))]
}

type Report = (invariant: Violation['invariant'], found: string) => void

async function* allCustomers(records: RecordStore): AsyncGenerator<RecordEntry<'customers'>> {
  const limit = 500
  for (let after: RecordPlace | undefined; ;) {
    const page = await records.find({
      collection: 'customers', index: 'createdAt', where: { atMost: Number.MAX_SAFE_INTEGER }, limit, ...(after !== undefined && { after }),
    })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    after = { value: last.value.createdAt, customer: last.customer, id: last.id }
  }
}

function checkLeftovers({ inbox, outbox, operations }: Pick<Rows, 'inbox' | 'outbox' | 'operations'>, report: Report): void {
  for (const { id, value } of inbox) {
    if (value.state !== 'done') report('events-done', `${id} is ${value.state}: ${value.failure ?? 'for no reason'}`)
  }
  for (const { id, value } of outbox) report('outbox-drained', `${id} was not delivered: ${value.failure ?? 'not tried'}`)
  for (const { value } of operations) {
    if (value.state === 'open') report('operations-finished', `${value.intent.kind} of ${value.subscription} was left halfway`)
  }
}

function checkSubscriptions({ subscriptions, trials }: Pick<Rows, 'subscriptions' | 'trials'>, listed: readonly Subscription[], report: Report): void {
  const stored = new Map(subscriptions.map(({ value }) => [value.id, value]))
  for (const subscription of listed) {
    const known = stored.get(subscription.id)
    if (known === undefined) report('stored-as-stripe-says', `${subscription.id} is not stored`)
    else for (const difference of differencesOf(known, subscription)) report('stored-as-stripe-says', `${subscription.id}: ${difference}`)
  }
  for (const { id, status } of stored.values()) {
    const isGone = !listed.some((subscription) => subscription.id === id)
    if (isGone && status !== 'unknown' && !isOver(status)) report('stored-as-stripe-says', `${id} is ${status}, and Stripe does not list it`)
  }
  const own = listed.filter(({ ours }) => ours)
  const live = own.filter((item) => item.status !== 'incomplete' && item.endedAt === null && !hasEnded(item))
  if (live.length > 1) report('one-live-subscription', `${live.map(({ id }) => id).join(' and ')} are live`)
  const tried = own.filter(({ trialEnd }) => trialEnd !== null).map(({ id }) => id)
  const noted = trials.map(({ value }) => value.subscription)
  const all = [...new Set([...tried, ...noted])]
  if (all.length > 1) report('one-trial', `${all.join(' and ')} each had a trial`)
  if (noted.length === 0 && tried.length > 0) report('one-trial', `the trial of ${tried.join()} is not noted`)
}

/** Each line of a checkout that was paid gives what its pack gives, once. What the catalog does not know was given by another one. */
function checkPurchases(packs: Catalog['packs'], grants: readonly Grant[], purchases: readonly Purchase[], report: Report): void {
  for (const { session, lines } of purchases) {
    for (const [pack, bought] of timesOf(lines.map((line) => line.pack))) {
      const given = grants.filter(({ purchase }) => purchase?.session === session && purchase.pack === pack)
      const what = `${pack} of ${session} was paid`
      if (given.length === 0 && Object.hasOwn(packs, pack)) report('one-grant-per-fact', `${what}, and nothing was granted`)
      for (const [feature, times] of timesOf(given.map((grant) => grant.feature))) {
        if (times !== bought) report('one-grant-per-fact', `${what} on ${bought} lines, and ${feature} granted ${times} times`)
      }
    }
  }
}

/** How often each text is there. */
function timesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1)
  return times
}

function isOver(status: Subscription['status']): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

function differencesOf(known: Subscription, listed: Subscription): readonly string[] {
  const fields = new Map<string, unknown>(Object.entries(known))
  return Object.entries(listed)
    .filter(([name, value]: [string, unknown]) => factsIn(fields.get(name)) !== factsIn(value))
    .map(([name, value]: [string, unknown]) => `${name} is stored as ${JSON.stringify(fields.get(name))}, Stripe says ${JSON.stringify(value)}`)
}

/** A move to a smaller plan keeps what was used, so the most generous plan is the bound. */
function checkUsage(catalog: Catalog, { usage }: Snapshot, report: Report): void {
  for (const [feature, { used, reserved, limit }] of Object.entries(usage)) {
    const allowances = plansView(catalog).plans.map(({ features }) => features[feature])
    const limits = [limit, ...allowances.flatMap((terms) => (terms?.kind === 'metered' ? [terms.limit] : []))]
    const most = limits.includes(null) ? null : Math.max(...limits.map(Number))
    if (most !== null && used + reserved > most) report('within-limits', `${feature}: ${used} used and ${reserved} reserved of ${most}`)
  }
}

/** Every customer of Stripe that names one of ours is the one that is linked. */
async function checkPaymentCustomers(records: RecordStore, payments: Pick<Payments, 'listCustomers'>): Promise<readonly Violation[]> {
  const violations: Violation[] = []
  for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
    const page: Awaited<ReturnType<Payments['listCustomers']>> = await payments.listCustomers({ after, limit: 100 })
    for (const { customer, paymentCustomer } of page.customers) {
      const { rows } = await records.load(customer, ['customers'])
      const linked = rows.customers[0]?.value.paymentCustomer ?? null
      if (linked === paymentCustomer) continue
      const found = `${paymentCustomer} names this customer, ${linked === null ? 'which is linked to none' : `which is linked to ${linked}`}`
      violations.push({ invariant: 'one-payment-customer', customer, found })
    }
    after = page.next
  }
  return violations
}
