import type { Stripe } from 'stripe'
import type { StripeSimulator } from '../src/index.ts'

/** Uses what bills and credits customers by hand, so that every answer and event of it is seen. */
export async function exerciseInvoicing(stripe: Stripe, simulator: StripeSimulator): Promise<void> {
  const pays = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }
  const { id: customer } = await stripe.customers.create(pays)
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19.5, inclusive: false, country: 'DE' })
  const included = await stripe.taxRates.create({ display_name: 'GST', percentage: 10, inclusive: true })
  await stripe.taxRates.update(rate.id, { description: 'Value added' })
  await stripe.taxRates.retrieve(included.id)
  await stripe.taxRates.list()

  const product = await stripe.products.create({ name: 'Hours' })
  const hour = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 9000 })
  const pending = await stripe.invoiceItems.create({ customer, amount: 100, currency: 'usd', expand: ['customer'] })
  await stripe.invoiceItems.retrieve(pending.id)
  await stripe.invoiceItems.create({ customer, pricing: { price: hour.id }, quantity: 2, tax_rates: [included.id], expand: ['pricing.price_details.price'] })
  const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include', default_tax_rates: [rate.id], default_payment_method: 'pm_card_visa' })
  const added = await stripe.invoiceItems.create({ customer, amount: 300, currency: 'usd', invoice: draft.id, expand: ['invoice'] })
  await stripe.invoiceItems.update(added.id, { description: 'Travel' })
  await stripe.invoiceItems.del(added.id)
  await stripe.invoiceItems.list({ customer })
  await stripe.invoices.update(draft.id, { footer: 'Thank you', custom_fields: [{ name: 'Order', value: '7' }], auto_advance: true })
  simulator.clock.advance({ hours: 1 })
  const paid = await stripe.invoices.retrieve(draft.id, { expand: ['payments'] })
  const note = await stripe.creditNotes.create({ invoice: paid.id, amount: 100, refund_amount: 60, credit_amount: 40, expand: ['invoice', 'refunds.refund'] })
  await stripe.creditNotes.update(note.id, { memo: 'Sorry' })

  const sent = await stripe.invoices.create({ customer, collection_method: 'send_invoice', days_until_due: 14 })
  await stripe.invoiceItems.create({ customer, amount: 800, currency: 'usd', invoice: sent.id })
  await stripe.invoices.sendInvoice(sent.id)
  const line = (await stripe.invoices.listLineItems(sent.id)).data[0]
  const voided = await stripe.creditNotes.create({ invoice: sent.id, lines: [{ type: 'invoice_line_item', invoice_line_item: String(line?.id), amount: 200 }] })
  await stripe.creditNotes.listLineItems(voided.id)
  await stripe.creditNotes.voidCreditNote(voided.id)
  await stripe.creditNotes.retrieve(voided.id)
  await stripe.creditNotes.list()
  await stripe.creditNotes.create({ invoice: sent.id, lines: [{ type: 'custom_line_item', description: 'Never done', quantity: 1, unit_amount: 760 }] })
  await stripe.invoices.del((await stripe.invoices.create({ customer })).id)
}
