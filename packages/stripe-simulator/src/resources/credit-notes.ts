import type { Account } from '../account.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get } from '../get.ts'
import type { CreditNote, CreditNoteLine } from '../invoicing-objects.ts'
import { priceAmount, shareOf, sumOf } from '../lifecycle/amounts/money.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { paymentIntentOf } from '../lifecycle/invoices/invoicing.ts'
import { creditBalance, lowerDebt, noteGivenBack, voidCreditNote } from '../lifecycle/subscriptions/credit-invoice.ts'
import type { Invoice } from '../objects.ts'
import { publishedNulls } from '../published-data.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { listHeld, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { createRefund } from './refunds.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface GivenLine {
  readonly amount?: number
  readonly description?: string
  readonly invoice_line_item?: string
  readonly quantity?: number
  readonly type: 'custom_line_item' | 'invoice_line_item'
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
}

interface NewCreditNote {
  readonly amount?: number
  readonly credit_amount?: number
  readonly invoice: string
  readonly lines?: readonly GivenLine[]
  readonly memo?: string
  readonly metadata?: MetadataChange
  readonly out_of_band_amount?: number
  readonly reason?: string
  readonly refund_amount?: number
}

export const creditNoteRoutes: Routes = {
  'credit-notes.create': route<NewCreditNote>({
    supports: [
      'amount', 'credit_amount', 'invoice', 'lines.amount', 'lines.description', 'lines.invoice_line_item', 'lines.quantity', 'lines.type',
      'lines.unit_amount', 'lines.unit_amount_decimal', 'memo', 'metadata', 'out_of_band_amount', 'reason', 'refund_amount',
    ],
    echoes: ['email_type'],
    handle: ({ account, parameters }) => render(account.store, createCreditNote(account, parameters)),
  }),
  'credit-notes.retrieve': retrieveRoute('creditNotes'),
  'credit-notes.update': route<{ readonly memo?: string; readonly metadata?: MetadataChange }>({
    supports: ['memo', 'metadata'],
    handle({ account, id, parameters: { metadata, ...given } }) {
      const before = get(account.store.creditNotes, id)
      const changes = { ...given, metadata: changeMetadata(before.metadata, metadata) }
      return render(account.store, changeObject(account, 'creditNotes', before, changes, 'credit_note.updated'))
    },
  }),
  'credit-notes.voidCreditNote': route({
    handle({ account, id }) {
      const note = get(account.store.creditNotes, id)
      const { status } = get(account.store.invoices, note.invoice)
      if (note.status === 'void' || note.post_payment_amount > 0 || status !== 'open') {
        throw invalidRequest('You can only void credit notes that were issued on invoices that are still open.')
      }
      return render(account.store, voidCreditNote(account, note))
    },
  }),
  'credit-notes.listLineItems': route<PageParameters>({
    supports: pageParameters,
    handle: ({ account, id, parameters, path }) =>
      listHeld(get(account.store.creditNotes, id).lines, 'credit_note_line_item', parameters, path),
  }),
  'credit-notes.list': listRoute('creditNotes', { fields: ['created', 'customer', 'invoice'] }),
}

/**
 * Reduces an invoice that was finalized: first what is still owed; what is more is given back, by a refund, on the balance
 * or outside of Stripe, and the three have to add up to it (https://docs.stripe.com/api/credit_notes/create).
 */
function createCreditNote(account: Account, given: NewCreditNote): CreditNote {
  const invoice = get(account.store.invoices, given.invoice, 'invoice')
  if (invoice.status !== 'open' && invoice.status !== 'paid') {
    throw invalidRequest(`A credit note needs an invoice that is open or paid; this one is ${invoice.status}.`, { param: 'invoice' })
  }
  const { credit_amount: credit = 0, out_of_band_amount: outOfBand = 0, refund_amount: refund = 0 } = given
  if (given.lines === undefined && given.amount === undefined) throw missingParameter('amount')
  const wanted: readonly GivenLine[] = given.lines ?? [{ type: 'custom_line_item', unit_amount: given.amount ?? 0 }]
  const lines = wanted.map((line, index) => readLine(account, invoice, line, `lines[${index}]`))
  const whole = sumOf(lines)
  const amount = given.amount ?? whole
  const earlier = account.store.creditNotes.where('invoice', invoice.id)
  const credited = sumOf(earlier.filter(({ status }) => status === 'issued'))
  if (amount < 1 || amount > invoice.total - credited) {
    throw invalidRequest(`The amount must be between 1 and ${invoice.total - credited}, what is left of the invoice's total.`, { param: 'amount' })
  }
  if (whole !== amount) {
    throw invalidRequest('The amount must be the sum of the lines.', { param: 'amount' })
  }
  const before = Math.min(amount, invoice.amount_remaining)
  if (credit + outOfBand + refund !== amount - before) {
    const message = `The sum of \`credit_amount\`, \`refund_amount\` and \`out_of_band_amount\` (${credit + outOfBand + refund}) must equal what was paid already (${amount - before}).`
    throw invalidRequest(message)
  }
  const payment_intent = paymentIntentOf(account, invoice)
  if (refund > 0 && payment_intent === undefined) throw invalidRequest('Nothing was charged for this invoice.', { param: 'refund_amount' })
  const refunds = refund === 0 || payment_intent === undefined ? [] : [createRefund(account, { payment_intent, amount: refund })]
  const now = account.clock.seconds()
  const note = account.store.creditNotes.save({
    id: account.identifiers.next('cn'),
    object: 'credit_note',
    ...publishedNulls('credit_note'),
    amount,
    amount_shipping: 0,
    created: now,
    currency: invoice.currency,
    customer: invoice.customer,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: now,
    invoice: invoice.id,
    lines,
    livemode: false,
    memo: given.memo ?? null,
    metadata: changeMetadata({}, given.metadata),
    number: `${invoice.number}-CN-${String(earlier.length + 1).padStart(2, '0')}`,
    out_of_band_amount: outOfBand === 0 ? null : outOfBand,
    pdf: String(invoice['hosted_invoice_url']),
    post_payment_amount: amount - before,
    pre_payment_amount: before,
    pretax_credit_amounts: [],
    reason: given.reason ?? null,
    refunds: refunds.map(({ id, amount: amount_refunded }) => ({ amount_refunded, payment_record_refund: null, refund: id, type: 'refund' })),
    status: 'issued',
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
    type: before === amount ? 'pre_payment' : before === 0 ? 'post_payment' : 'mixed',
  })
  account.emit('credit_note.created', note)
  lowerDebt(account, invoice, before)
  noteGivenBack(account, invoice.id, amount - before)
  creditBalance(account, invoice.customer, credit)
  return note
}

/** A line that credits something of its own, or a part of a line of the invoice: an amount, or a share by quantity. */
function readLine(account: Account, invoice: Invoice, given: GivenLine, path: string): CreditNoteLine {
  const quantity = given.quantity ?? 1
  if (given.type === 'custom_line_item') {
    const unit = given.unit_amount_decimal ?? (given.unit_amount === undefined ? undefined : String(given.unit_amount))
    if (unit === undefined) throw missingParameter(`${path}[unit_amount]`)
    const amount = priceAmount({ unit_amount_decimal: unit }, quantity)
    return newLine(account, { amount, description: given.description ?? null, quantity, type: given.type, unit })
  }
  const line = invoice.lines.find(({ id }) => id === given.invoice_line_item)
  if (line === undefined) {
    if (given.invoice_line_item === undefined) throw missingParameter(`${path}[invoice_line_item]`)
    throw invalidRequest(`No such line item: '${given.invoice_line_item}'`, { code: 'resource_missing', param: `${path}[invoice_line_item]` })
  }
  if (Array.isArray(line['taxes']) && line['taxes'].length > 0) throw unsupported('credit notes for lines with taxes; give an amount', path)
  const whole = Number(line['quantity'] ?? 1)
  const amount = given.amount ?? shareOf(line.amount, given.quantity ?? whole, whole)
  if (amount > line.amount) throw invalidRequest('A line cannot be credited more than it comes to.', { param: `${path}[amount]` })
  const description = given.description ?? line.description
  return { ...newLine(account, { amount, description, quantity: given.quantity ?? null, type: given.type, unit: null }), invoice_line_item: line.id }
}

function newLine(
  account: Account,
  { amount, description, quantity, type, unit }: {
    amount: number
    description: string | null
    quantity: number | null
    type: GivenLine['type']
    unit: string | null
  },
): CreditNoteLine {
  return {
    id: account.identifiers.next('cnli'),
    object: 'credit_note_line_item',
    amount,
    description,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity,
    tax_rates: [],
    taxes: [],
    type,
    unit_amount: unit === null || !Number.isInteger(Number(unit)) ? null : Number(unit),
    unit_amount_decimal: unit,
  }
}
