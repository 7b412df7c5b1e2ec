import type { RecordEntry } from '@farebox/core'
import type { Stripe } from 'stripe'
import { expect } from 'vitest'
import type { SeededRandom } from '../../src/testing/seeded-random.ts'
import { startPackCheckout } from '../../src/use-cases/checkout/start-pack-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { consumeUsage } from '../../src/use-cases/counting/consume-usage.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { type LifePack, type LifeWorld, customer, lifePacks } from './lives-world.ts'

const day = 86_400_000

/** What one of each gives, how long, and whether a refund takes it back: the catalog, written down a second time. */
const terms: Readonly<Record<LifePack, { readonly gives: Readonly<Record<string, number>>; readonly days: number | null; readonly isKept: boolean }>> = {
  boost: { gives: { apiCalls: 1000, renders: 7 }, days: null, isKept: false },
  bundle: { gives: { renders: 25 }, days: 30, isKept: false },
  gift: { gives: { renders: 4 }, days: null, isKept: true },
}

/** The allowance of renders, which every plan has alike. */
const rendersAMonth = 10

/** What a purchase must have given. Instants in milliseconds. */
export interface ExpectedGrant {
  readonly id: string
  readonly feature: string
  readonly amount: number
  readonly expiresAt: number | null
  readonly isVoided: boolean
}

/** A draw of renders from one bucket; the allowance's name holds its period. */
export interface Spending {
  readonly bucket: string
  readonly amount: number
}

export async function buyPack(farebox: Context, random: SeededRandom): Promise<{ readonly url: string }> {
  const quantity = random.next() < 0.3 ? random.integer(1, 3) : 1
  return startPackCheckout(farebox, { customer, pack: random.pick(lifePacks), quantity, successUrl: 'http://a/', cancelUrl: 'http://b/' })
}

/**
 * What must be stored of the packs that were paid, told from the pages, their lines and what went back of each payment, read
 * through the stripe package.
 */
export async function expectedGrants({ client, packOfPrice }: Pick<LifeWorld, 'client' | 'packOfPrice'>, paymentCustomers: Iterable<string>): Promise<readonly ExpectedGrant[]> {
  const found: ExpectedGrant[] = []
  for (const owner of paymentCustomers) {
    const sessions = await client.checkout.sessions.list({ customer: owner, limit: 100 }).autoPagingToArray({ limit: 1000 })
    for (const session of sessions.filter(({ mode, payment_status }) => mode === 'payment' && payment_status === 'paid')) {
      const charge = await chargeOf(client, session)
      const lines = await client.checkout.sessions.listLineItems(session.id, { limit: 100 })
      for (const line of lines.data) {
        const pack = packOfPrice.get(line.price?.id ?? '')
        if (pack === undefined) throw new Error('Only packs are paid so')
        const { gives, days, isKept } = terms[pack]
        const share = isKept ? 0n : await takenBack(client, charge)
        for (const [feature, each] of Object.entries(gives)) {
          const bought = each * (line.quantity ?? 1)
          const amount = bought - Number((BigInt(bought) * share) / BigInt(charge.amount))
          const expiresAt = days === null ? null : 1000 * (await paidAt(client, session)) + days * day
          found.push({ id: `grant:${session.id}:${line.id}:${feature}`, feature, amount, expiresAt, isVoided: amount === 0 })
        }
      }
    }
  }
  return found.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

async function chargeOf(client: Stripe, { payment_intent }: Stripe.Checkout.Session): Promise<Stripe.Charge> {
  const intent = await client.paymentIntents.retrieve(idOf(payment_intent), { expand: ['latest_charge'] })
  const charge = intent.latest_charge
  if (charge === null || typeof charge === 'string') throw new Error('What is paid has a charge')
  return charge
}

async function paidAt(client: Stripe, { invoice }: Stripe.Checkout.Session): Promise<number> {
  const { status_transitions } = await client.invoices.retrieve(idOf(invoice))
  return status_transitions.paid_at ?? NaN
}

function idOf(reference: string | { readonly id: string } | null): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}

/** In minor units: refunds that stand and disputes that were lost, at most all of it. */
async function takenBack(client: Stripe, { id, amount }: Stripe.Charge): Promise<bigint> {
  const refunds = await client.refunds.list({ charge: id, limit: 100 })
  const disputes = await client.disputes.list({ charge: id, limit: 100 })
  const standing = refunds.data.filter(({ status }) => status !== 'failed' && status !== 'canceled')
  const lost = disputes.data.filter(({ status }) => status === 'lost')
  return BigInt(Math.min(amount, [...standing, ...lost].reduce((sum, each) => sum + each.amount, 0)))
}

/** Grants that were bought, as they are stored. */
export function boughtGrants(grants: readonly RecordEntry<'grants'>[]): readonly ExpectedGrant[] {
  return grants
    .filter(({ id }) => id.startsWith('grant:'))
    .map(({ id, value: { feature, amount, expiresAt, voidedAt } }) => ({ id, feature, amount, expiresAt, isVoided: voidedAt !== null }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** What can be drawn from of them at an instant. */
export function activeAmount(grants: readonly ExpectedGrant[], feature: string, now: number): number {
  return grants.filter((grant) => grant.feature === feature && isActive(grant, now)).reduce((sum, { amount }) => sum + amount, 0)
}

function isActive({ isVoided, expiresAt }: ExpectedGrant, now: number): boolean {
  return !isVoided && (expiresAt === null || now < expiresAt)
}

/** Uses renders: as many as the month and what was bought leave, and not one more. */
export async function spend(
  farebox: Context,
  { world, memory }: { readonly world: LifeWorld; readonly memory: { readonly paymentCustomers: Iterable<string>; readonly spent: Spending[] } },
  amount: number,
): Promise<void> {
  await convergeCustomer(farebox, customer)
  const now = world.clock.now()
  const { usage } = await getSnapshot(farebox, { customer })
  const month = `allowance:${Date.parse(usage['renders']?.periodStart ?? '')}`
  const drawnFrom = (bucket: string): number => memory.spent.filter((item) => item.bucket === bucket).reduce((sum, item) => sum + item.amount, 0)
  const grants = (await expectedGrants(world, memory.paymentCustomers)).filter((grant) => grant.feature === 'renders' && isActive(grant, now))
  const left = [
    rendersAMonth - drawnFrom(month),
    ...grants.map((grant) => Math.max(0, grant.amount - drawnFrom(`grant:${grant.id}`))),
  ].reduce((sum, each) => sum + each, 0)
  const request = { customer, feature: 'renders', amount, idempotencyKey: `spend-${memory.spent.length}-${now}` }
  const decision = await consumeUsage(farebox, request)
  expect({ allowed: decision.allowed, remaining: decision.remaining }).toEqual({ allowed: amount <= left, remaining: amount <= left ? left - amount : left })
  expect(decision.drawn.reduce((sum, each) => sum + each.amount, 0)).toBe(decision.allowed ? amount : 0)
  for (const { bucket, amount: drawn } of decision.drawn) memory.spent.push({ bucket, amount: drawn })
}
