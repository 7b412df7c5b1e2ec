import type { Catalog } from '../../domain/catalog.ts'
import { type Grant, defaultPriority } from '../../domain/grant.ts'
import { type Instant, type Milliseconds, day } from '../../domain/instant.ts'
import { type Payment, type Purchase, keptOf } from '../../domain/purchase.ts'
import { factsIn } from '../../domain/subscription.ts'
import type { PurchaseReading } from '../../ports/payments.ts'
import type { RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import type { LoadedCustomer } from '../customers/load-customer.ts'
import type { Fact } from '../delivering/outbox.ts'
import { isNews } from '../delivering/reminders.ts'
import { auditedFor } from './audit.ts'

/** What a reading of purchases leads to. */
export interface PurchaseChanges {
  readonly writes: readonly RecordWrite[]
  readonly facts: readonly Fact[]
  /** Packs that were paid and that the catalog does not have: nothing was given for them. */
  readonly unknown: readonly { readonly session: string; readonly pack: string }[]
}

/** How far before the last reading a checkout may have begun that is paid only now: bank debits take days, webhooks get lost. */
export const paidLate: Milliseconds = 35 * day

/**
 * What is to be stored so that the customer has what was paid for, and no longer what was refunded. The id of a grant is made
 * of the checkout session, its line and the feature, so a purchase gives once, whoever reads it and however often; what it gives
 * was settled then, also when the catalog changes later. What is already used of a grant that shrinks stays used.
 */
export function purchaseChanges(
  catalog: Catalog,
  stored: readonly Grant[],
  { purchases, payments }: PurchaseReading,
  now: Instant,
  mistaken: readonly Grant[] = [],
): PurchaseChanges {
  const fresh = purchases.map((purchase) => ({
    ...purchase,
    lines: purchase.lines.filter(({ id }) => !stored.some((grant) => grant.id.startsWith(beginningOf(purchase, id)))),
  }))
  const added = fresh.flatMap((purchase) => grantsOf(catalog, purchase, now))
  const grants = [
    ...stored.map((grant) => afterReversal(catalog, asBought(grant, purchases, mistaken), payments, Math.max(now, grant.createdAt + 1))),
    ...added.map((grant) => afterReversal(catalog, grant, payments, now)),
  ]
  const given = grants.filter(({ voidedAt }, index) => voidedAt === null && !wasGiven(stored[index]))
  const changed = grants.filter((grant, index) => grant !== stored[index])
  return {
    writes: changed.map((value) => ({ collection: 'grants', id: value.id, value })),
    facts: [
      ...given.map((grant): Fact => ({ name: 'grant.added', data: { grant } })),
      ...payments.flatMap((payment) => reversalsOf(payment, grants.filter((grant) => isPaidBy(grant, payment)), now)),
    ],
    unknown: fresh.flatMap(({ session, lines }) =>
      lines.flatMap(({ pack }) => (Object.hasOwn(catalog.packs, pack) ? [] : [{ session, pack }])),
    ),
  }
}

/** The log names what was paid for and gives nothing: somebody has to look at it. */
export function warnOfUnknownPacks({ logger }: Context, customer: string, { unknown }: PurchaseChanges): void {
  for (const found of unknown) logger.warn('A pack was paid that the catalog does not have', { customer, ...found })
}

/**
 * Of grants that were bought, those that are voided though the audit of it, which is kept for so long, tells of nobody who did it. A
 * refund leaves nothing of what it voids.
 */
export async function voidedByNobody({ records: store }: Context, { records, now }: LoadedCustomer): Promise<readonly Grant[]> {
  const voided = records.grants.filter(({ purchase, amount, voidedAt }) => purchase && amount > 0 && voidedAt !== null && voidedAt > now - auditedFor + day)
  if (voided.length === 0) return []
  const { rows } = await store.load(records.customer, ['audit'])
  const audited = rows.audit.map(({ value }) => value.detail['key'])
  return voided.filter(({ id }) => !audited.includes(id))
}

/** How the ids of grants begin that were given for a line of a purchase; the feature comes behind it. */
function beginningOf({ session }: Purchase, line: string): string {
  return `grant:${session}:${line}:`
}

/** A grant as Stripe says of its purchase, and as its id does. What a pack gave, and for how long, was settled with it and is nowhere else. */
function asBought(grant: Grant, purchases: readonly Purchase[], mistaken: readonly Grant[]): Grant {
  const { purchase: stored, createdAt } = grant
  for (const purchase of purchases) {
    const line = purchase.lines.find(({ id }) => grant.id.startsWith(beginningOf(purchase, id)))
    if (line === undefined || stored === undefined) continue
    const { session, payment, paidAt } = purchase
    const bought: Grant = {
      ...grant,
      feature: grant.id.slice(beginningOf(purchase, line.id).length),
      effectiveAt: grant.effectiveAt > createdAt ? Math.min(paidAt, createdAt) : grant.effectiveAt,
      voidedAt: mistaken.includes(grant) ? null : grant.voidedAt,
      purchase: { ...stored, session, payment },
    }
    return factsIn(bought) === factsIn(grant) ? grant : bought
  }
  return grant
}

function grantsOf({ packs }: Catalog, purchase: Purchase, now: Instant): readonly Grant[] {
  const { session, payment, paidAt, lines } = purchase
  return lines.flatMap(({ id: line, pack: key, quantity }) => {
    const pack = packs[key]
    if (pack === undefined) return []
    const expiresAt = pack.expiresAfterDays === null ? null : paidAt + pack.expiresAfterDays * day
    return Object.entries(pack.grants).map(([feature, each]): Grant => {
      const amount = Math.min(each * quantity, Number.MAX_SAFE_INTEGER)
      return {
        id: beginningOf(purchase, line) + feature,
        feature,
        amount,
        priority: defaultPriority,
        // Stripe's clock may be ahead of the store's.
        effectiveAt: Math.min(paidAt, now),
        expiresAt,
        createdAt: now,
        voidedAt: null,
        purchase: { pack: key, session, payment, amount },
      }
    })
  })
}

/** One that the app voided stays so. One of which nothing was left comes back where the refund failed. */
function afterReversal({ packs }: Catalog, grant: Grant, payments: readonly Payment[], at: Instant): Grant {
  const { purchase, voidedAt } = grant
  const payment = payments.find((item) => isPaidBy(grant, item))
  if (purchase === undefined || payment === undefined || packs[purchase.pack]?.refunds === 'keep') return grant
  if (voidedAt !== null && grant.amount > 0) return grant
  const amount = keptOf(purchase.amount, payment)
  return amount === grant.amount ? grant : { ...grant, amount, voidedAt: amount === 0 ? at : null }
}

/** One that was taken back before it was given was voided in the instant it was created in; all others are voided later, if only by a millisecond. */
function wasGiven(grant: Grant | undefined): boolean {
  return grant !== undefined && grant.voidedAt !== grant.createdAt
}

function isPaidBy({ purchase }: Grant, { payment }: Payment): boolean {
  return payment !== null && purchase?.payment === payment
}

function reversalsOf(payment: Payment, grants: readonly Grant[], now: Instant): readonly Fact[] {
  const isRecent = ({ createdAt }: { readonly createdAt: Instant }): boolean => isNews(createdAt, now)
  return [
    ...payment.refunds.filter(isRecent).map((refund): Fact =>
      ({ name: 'refund.created', id: `refund-created:${refund.id}`, data: { refund, payment, grants } }),
    ),
    ...payment.disputes.filter(isRecent).map((dispute): Fact =>
      ({ name: 'dispute.opened', id: `dispute-opened:${dispute.id}`, data: { dispute, payment, grants } }),
    ),
    // Banks take months to decide, and Stripe does not say when they did.
    ...payment.disputes.filter(({ state, createdAt }) => state !== 'open' && createdAt >= now - longestDispute).map((dispute): Fact =>
      ({ name: 'dispute.closed', id: `dispute-closed:${dispute.id}`, data: { dispute, payment, grants } }),
    ),
  ]
}

/** Longer than any bank takes to decide. */
const longestDispute = 200 * day
