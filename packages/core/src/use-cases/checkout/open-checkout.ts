import { isFareboxError } from '../../errors/error.ts'
import type { CheckoutSession, CheckoutSessionRequest, Payments } from '../../ports/payments.ts'
import type { CheckoutRow, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { unchangedOperation } from '../payments/operation-rows.ts'
import { ensurePaymentCustomer } from './ensure-payment-customer.ts'

/** What is sold, and where its page leads back to. */
export interface Sale {
  readonly customer: string
  readonly plan: string
  readonly interval: CheckoutSessionRequest['interval']
  readonly quantity: number
  readonly currency: string | null
  readonly promotionCode: string | null
  readonly successUrl: string
  readonly cancelUrl: string
  readonly email: string | null
  readonly trialDays: number
  readonly trialRequiresCard: boolean
}

/** A customer has at most one open checkout of a plan, noted in one row. Packs have rows of their own. */
const rowId = 'open'

/** What the customer's row stands for now. */
export type Standing =
  | { readonly kind: 'shared'; readonly url: string }
  | { readonly kind: 'completed'; readonly session: string }
  /** Somebody is making the very same session, or stopped midway. */
  | { readonly kind: 'joined' }
  | { readonly kind: 'free' }

type Wanted = Pick<CheckoutRow, 'plan' | 'interval' | 'quantity' | 'currency' | 'promotionCode'>

/** The customer's open checkout, and the last operation as it was at the same moment. */
export interface CheckoutDesk {
  readonly checkout: RecordEntry<'checkouts'> | undefined
  readonly operation: RecordEntry<'operations'> | undefined
}

/** The customer's open checkout, or the one of another `row`, if it is noted. */
export async function loadCheckout(context: Context, customer: string, row: string = rowId): Promise<RecordEntry<'checkouts'> | undefined> {
  const { rows } = await context.records.load(customer, ['checkouts'], { checkouts: [row] })
  return rows.checkouts.find(({ id }) => id === row)
}

/**
 * What becomes of the checkout that is noted. An open session for something else than what is wanted (`null`: for anything) is
 * expired, so that nobody can pay it any more, unless `isSpared`.
 */
export async function standingOf(
  payments: Payments,
  known: RecordEntry<'checkouts'> | undefined,
  wanted: Wanted | null,
  isSpared: boolean,
): Promise<Standing> {
  if (known === undefined) return { kind: 'free' }
  const isWanted = wanted !== null && isSame(known.value, wanted)
  const { session } = known.value
  if (session === null) return { kind: isWanted ? 'joined' : 'free' }
  let found = await payments.findCheckout(session)
  if (found?.status === 'open' && isWanted && found.url !== null) return { kind: 'shared', url: found.url }
  if (found?.status === 'open' && !isSpared) found = await payments.expireCheckout(session)
  return found?.status === 'complete' ? { kind: 'completed', session } : { kind: 'free' }
}

/**
 * Names a new attempt in the customer's row; `undefined` when someone else was faster, also where an operation has begun since
 * `operation` was read: the two share the customer's lock.
 */
export async function claimCheckout(
  context: Context,
  customer: string,
  { checkout, operation }: CheckoutDesk,
  wanted: Wanted,
): Promise<RecordEntry<'checkouts'> | undefined> {
  return claimRow(context, { customer, id: rowId, known: checkout }, wanted, [unchangedOperation(operation)])
}

/** Names a new attempt in a row, along with `others`; `undefined` when someone else was faster. */
export async function claimRow(
  context: Context,
  { customer, id, known }: { readonly customer: string; readonly id: string; readonly known: RecordEntry<'checkouts'> | undefined },
  { plan, interval, quantity, currency, promotionCode }: Wanted,
  others: readonly RecordWrite[] = [],
): Promise<RecordEntry<'checkouts'> | undefined> {
  const value: CheckoutRow = {
    operation: context.random.id(), plan, interval, quantity, currency, promotionCode, session: null, url: null, expiresAt: null,
  }
  const expect = known?.revision ?? 0
  const outcome = await context.records.commit(customer, [{ collection: 'checkouts', id, expect, value }, ...others])
  return outcome.kind === 'committed' ? { customer, id, revision: expect + 1, value } : undefined
}

/** Deletes the note of an open checkout, in the commit of what takes its place: whoever is still making its session then expires it. */
export function closedCheckout(known: RecordEntry<'checkouts'> | undefined): RecordWrite {
  return { collection: 'checkouts', id: rowId, expect: known?.revision ?? 0, value: null }
}

/** Makes the session that the row names and notes it there; `undefined` when it is not the one to use. */
export async function openSession(
  context: Context,
  payments: Payments,
  claimed: RecordEntry<'checkouts'>,
  sale: Sale,
): Promise<string | undefined> {
  const { email, ...asked } = sale
  const { operation } = claimed.value
  return openClaimed(context, payments, claimed, email, (paymentCustomer) => payments.createCheckout({ ...asked, paymentCustomer, operation }))
}

/** As {@link openSession}, whatever is sold: `create` makes the session, under a key of the claimed operation. */
export async function openClaimed(
  context: Context,
  payments: Payments,
  claimed: RecordEntry<'checkouts'>,
  email: string | null,
  create: (paymentCustomer: string) => Promise<CheckoutSession>,
): Promise<string | undefined> {
  const { customer, id: row } = claimed
  const paymentCustomer = await ensurePaymentCustomer(context, customer, { email })
  const made = await create(paymentCustomer).catch(async (error: unknown) => {
    await forgetRefused(context, claimed, error)
    throw error
  })
  const value: CheckoutRow = { ...claimed.value, session: made.id, url: made.url, expiresAt: made.expiresAt }
  const outcome = await context.records.commit(customer, [{ collection: 'checkouts', id: row, expect: claimed.revision, value }])
  const { rows, now } = await context.records.load(customer, ['checkouts'], { checkouts: [row] })
  const isNoted = outcome.kind === 'committed' || rows.checkouts.some((found) => found.value.session === made.id)
  if (!isNoted) await payments.expireCheckout(made.id)
  // A repeated request is answered as it was the first time, which may be long ago.
  return isNoted && made.expiresAt > now ? (made.url ?? undefined) : undefined
}

/** What was refused is refused again under the same key, also once its reason is mended: the next click begins anew. */
async function forgetRefused(context: Context, claimed: RecordEntry<'checkouts'>, error: unknown): Promise<void> {
  if (!isFareboxError(error) || (error.code !== 'payments-failed' && error.code !== 'invalid-request')) return
  const write: RecordWrite = { collection: 'checkouts', id: claimed.id, expect: claimed.revision, value: null }
  await context.records.commit(claimed.customer, [write])
}

function isSame(row: CheckoutRow, wanted: Wanted): boolean {
  return (
    row.plan === wanted.plan && row.interval === wanted.interval && row.quantity === wanted.quantity &&
    row.currency === wanted.currency && row.promotionCode === wanted.promotionCode
  )
}
