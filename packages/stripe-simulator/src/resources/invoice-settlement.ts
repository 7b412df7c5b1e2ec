import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { findSubscriptionOf, get, getCustomer } from '../get.ts'
import { finalizeInvoice, markPaid, markUncollectible, voidInvoice } from '../lifecycle/invoices/invoicing.ts'
import { outcomeOf, payInvoice } from '../lifecycle/invoices/pay-invoice.ts'
import { automaticAttempt, collect, followClosing, followPayment } from '../lifecycle/subscriptions/collect.ts'
import { requirePaid } from '../lifecycle/subscriptions/require-paid.ts'
import type { Invoice } from '../objects.ts'
import { render } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'

interface Pay {
  readonly off_session?: boolean
  readonly paid_out_of_band?: boolean
  readonly payment_method?: string
}

export const invoiceSettlementRoutes: Routes = {
  'invoices.pay': route<Pay>({
    supports: ['off_session', 'paid_out_of_band', 'payment_method'],
    handle: ({ account, id, parameters }) => render(account.store, pay(account, id, parameters)),
  }),
  'invoices.finalizeInvoice': route<{ readonly auto_advance?: boolean }>({
    supports: ['auto_advance'],
    handle: ({ account, id, parameters }) => render(account.store, finalize(account, id, parameters.auto_advance)),
  }),
  'invoices.sendInvoice': route({
    handle({ account, id }) {
      const found = get(account.store.invoices, id)
      refuseUnless(found, ['draft', 'open'], 'sent')
      const sent = found.status === 'draft' ? finalize(account, id, undefined) : found
      account.emit('invoice.sent', sent)
      return render(account.store, sent)
    },
  }),
  'invoices.voidInvoice': route({
    handle({ account, id }) {
      const invoice = get(account.store.invoices, id)
      refuseUnless(invoice, ['open', 'uncollectible'], 'voided')
      const voided = voidInvoice(account, invoice)
      followClosing(account, voided)
      return render(account.store, get(account.store.invoices, id))
    },
  }),
  'invoices.markUncollectible': route({
    handle({ account, id }) {
      const invoice = get(account.store.invoices, id)
      refuseUnless(invoice, ['open'], 'marked uncollectible')
      const marked = markUncollectible(account, invoice)
      followClosing(account, marked)
      return render(account.store, get(account.store.invoices, id))
    },
  }),
}

/** Collects an invoice now. What is declined or has to be authenticated is answered with 402, and the attempt counts. */
function pay(account: Account, id: string, given: Pay): Invoice {
  const found = get(account.store.invoices, id)
  if (found.status === 'paid') throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' })
  if (found.status === 'void') throw invalidRequest('Invoice is void and cannot be paid')
  if (outcomeOf(account, found) === 'processing') {
    throw invalidRequest('A payment of this invoice is processing', { code: 'payment_intent_unexpected_state' })
  }
  const invoice = found.status === 'draft' ? finalizeInvoice(account, found) : found
  if (given.paid_out_of_band === true) {
    markPaid(account, invoice, { outOfBand: true })
    followPayment(account, id, 'paid')
    return get(account.store.invoices, id)
  }
  const customer = getCustomer(account.store, invoice.customer)
  const { payment_method: wanted } = given
  const method = wanted === undefined ? undefined : resolvePaymentMethod(account, wanted, customer, 'payment_method')
  const attempt = {
    presence: given.off_session === false ? 'on-session' : 'off-session',
    attempts: 'manual',
    method,
  } as const
  const subscription = findSubscriptionOf(account.store, invoice)
  const outcome = subscription === undefined ? payInvoice(account, invoice, attempt) : collect(account, invoice, attempt)
  const after = get(account.store.invoices, id)
  requirePaid(account, after, outcome, 'invoice')
  return after
}

function finalize(account: Account, id: string, autoAdvance: boolean | undefined): Invoice {
  const draft = get(account.store.invoices, id)
  refuseUnless(draft, ['draft'], 'finalized')
  const advances = autoAdvance ?? draft['auto_advance'] === true
  const open = finalizeInvoice(account, { ...draft, auto_advance: advances })
  const subscription = findSubscriptionOf(account.store, open)
  if (open.amount_due === 0) payInvoice(account, open, { presence: 'off-session', attempts: 'once' })
  else if (advances && subscription !== undefined) collect(account, open)
  else if (advances && open.collection_method === 'charge_automatically') payInvoice(account, open, automaticAttempt)
  return get(account.store.invoices, id)
}

function refuseUnless(invoice: Invoice, statuses: readonly string[], done: string): void {
  if (statuses.includes(invoice.status)) return
  const allowed = statuses.map((status) => `"${status}"`).join(', ')
  throw invalidRequest(`Only invoices with a status in [${allowed}] can be ${done}. This invoice has a status of ${invoice.status}.`, {
    code: 'invoice_not_editable',
  })
}
