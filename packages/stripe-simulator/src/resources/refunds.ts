import type { Account } from '../account.ts'
import type { Charge, Refund } from '../billing-objects.ts'
import { invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { get } from '../get.ts'
import { displayAmount } from '../lifecycle/amounts/money.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { cancelRefund, refundCharge } from '../lifecycle/payments/refunds.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface NewRefund {
  readonly amount?: number
  readonly charge?: string
  readonly metadata?: MetadataChange | null
  readonly payment_intent?: string
  readonly reason?: string
}

export const refundRoutes: Routes = {
  'refunds.create': route<NewRefund>({
    supports: ['amount', 'charge', 'metadata', 'payment_intent', 'reason'],
    handle: ({ account, parameters }) => render(account.store, createRefund(account, parameters)),
  }),
  'refunds.retrieve': retrieveRoute('refunds'),
  'refunds.update': route<{ readonly metadata?: MetadataChange | null }>({
    supports: ['metadata'],
    handle({ account, id, parameters }) {
      const before = get(account.store.refunds, id)
      const metadata = changeMetadata(before.metadata, parameters.metadata)
      return render(account.store, changeObject(account, 'refunds', before, { metadata }, 'refund.updated'))
    },
  }),
  'refunds.cancel': route({
    handle({ account, id }) {
      const before = get(account.store.refunds, id)
      if (before.status !== 'pending') {
        throw invalidRequest(`You cannot cancel a refund that has a status of ${before.status}; it must be pending.`)
      }
      return render(account.store, cancelRefund(account, before))
    },
  }),
  'refunds.list': listRoute('refunds', { fields: ['charge', 'created', 'payment_intent'] }),
  'charges.retrieve': retrieveRoute('charges'),
  'charges.list': listRoute('charges', { fields: ['created', 'customer', 'payment_intent'] }),
}

/** Refunds a charge, whole or in part. */
export function createRefund(account: Account, given: NewRefund): Refund {
  const charge = chargeOf(account, given)
  if (charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} has not succeeded; only successful charges can be refunded.`, { param: 'charge' })
  }
  const left = charge.amount - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  if (charge.disputed && account.store.disputes.newestFirst().find((dispute) => dispute.charge === charge.id)?.['is_charge_refundable'] !== true) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  }
  const amount = given.amount ?? left
  if (amount < 1) throw invalidInteger('positive', 'amount')
  if (amount > left) {
    const message = `Refund amount (${displayAmount(amount, charge.currency)}) is greater than unrefunded amount on charge (${displayAmount(left, charge.currency)})`
    throw invalidRequest(message, { param: 'amount' })
  }
  return refundCharge(account, charge, { amount, reason: given.reason ?? null, metadata: changeMetadata({}, given.metadata) })
}

function chargeOf(account: Account, given: NewRefund): Charge {
  if (given.charge !== undefined) {
    const charge = get(account.store.charges, given.charge, 'charge')
    if (given.payment_intent === undefined || given.payment_intent === charge.payment_intent) return charge
    throw invalidRequest('The charge belongs to another payment intent.', { param: 'payment_intent' })
  }
  if (given.payment_intent === undefined) throw missingParameter('charge')
  const intent = get(account.store.paymentIntents, given.payment_intent, 'payment_intent')
  if (intent.status !== 'succeeded' || intent.latest_charge === null) {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, { param: 'payment_intent' })
  }
  return get(account.store.charges, intent.latest_charge, 'payment_intent')
}
