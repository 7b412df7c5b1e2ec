import type { Account } from '../account.ts'
import type { Charge, Refund } from '../billing-objects.ts'
import { invalidRequest, missingParameter } from '../errors.ts'
import { get } from '../get.ts'
import { displayAmount } from '../lifecycle/money.ts'
import { cancelRefund, refundCharge } from '../lifecycle/refunds.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface NewRefund {
  readonly amount?: number
  readonly charge?: string
  readonly metadata?: MetadataChange | null
  readonly payment_intent?: string
  readonly reason?: string
}

interface PaymentFilter extends PageParameters {
  readonly charge?: string
  readonly created?: InstantFilter
  readonly customer?: string
  readonly payment_intent?: string
}

export const refundRoutes: Routes = {
  'refunds.create': route<NewRefund>({
    answers: 'refund',
    supports: ['amount', 'charge', 'metadata', 'payment_intent', 'reason'],
    handle: ({ account, parameters }) => render(account.store, createRefund(account, parameters)),
  }),
  'refunds.retrieve': route({
    answers: 'refund',
    handle: ({ account, id }) => render(account.store, get(account.store.refunds, id)),
  }),
  'refunds.update': route<{ readonly metadata?: MetadataChange | null }>({
    answers: 'refund',
    supports: ['metadata'],
    handle({ account, id, parameters }) {
      const before = get(account.store.refunds, id)
      const after = account.store.refunds.save({ ...before, metadata: changeMetadata(before.metadata, parameters.metadata) })
      account.emit('refund.updated', after, before)
      return render(account.store, after)
    },
  }),
  'refunds.cancel': route({
    answers: 'refund',
    handle({ account, id }) {
      const before = get(account.store.refunds, id)
      if (before.status !== 'pending') {
        throw invalidRequest(`You cannot cancel a refund that has a status of ${before.status}; it must be pending.`)
      }
      return render(account.store, cancelRefund(account, before))
    },
  }),
  'refunds.list': route<PaymentFilter>({
    answers: 'refund',
    supports: [...pageParameters, 'charge', 'created', 'payment_intent'],
    handle({ account, parameters }) {
      const { refunds } = account.store
      const { charge, created, payment_intent } = parameters
      const matches = refunds
        .newestFirst()
        .filter((refund) => charge === undefined || refund.charge === charge)
        .filter((refund) => isWithin(refund.created, created))
        .filter((refund) => payment_intent === undefined || refund.payment_intent === payment_intent)
      return { ...listPage(account.store, refunds, matches, parameters, '/v1/refunds') }
    },
  }),
  'charges.retrieve': route({
    answers: 'charge',
    handle: ({ account, id }) => render(account.store, get(account.store.charges, id)),
  }),
  'charges.list': route<PaymentFilter>({
    answers: 'charge',
    supports: [...pageParameters, 'created', 'customer', 'payment_intent'],
    handle({ account, parameters }) {
      const { charges } = account.store
      const { created, customer, payment_intent } = parameters
      const matches = (customer === undefined ? charges.newestFirst() : charges.ofCustomer(customer))
        .filter((charge) => isWithin(charge.created, created))
        .filter((charge) => payment_intent === undefined || charge.payment_intent === payment_intent)
      return { ...listPage(account.store, charges, matches, parameters, '/v1/charges') }
    },
  }),
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
  if (amount < 1) throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' })
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
