import { get } from '../get.ts'
import { isWithin, listPage, pageOfHeld, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render, type Rendered } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface InvoiceFilter extends PageParameters {
  readonly collection_method?: string
  readonly created?: InstantFilter
  readonly customer?: string
  readonly status?: string
  readonly subscription?: string
}

interface PaymentFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly invoice?: string
  readonly status?: string
}

export const invoiceRoutes: Routes = {
  'invoices.retrieve': route({
    answers: 'invoice',
    handle: ({ account, id }) => render(account.store, get(account.store.invoices, id)),
  }),
  'invoices.list': route<InvoiceFilter>({
    answers: 'invoice',
    supports: [...pageParameters, 'collection_method', 'created', 'customer', 'status', 'subscription'],
    handle({ account, parameters }) {
      const { invoices } = account.store
      const { collection_method, created, customer, status, subscription } = parameters
      const matches = (customer === undefined ? invoices.newestFirst() : invoices.ofCustomer(customer))
        .filter((invoice) => collection_method === undefined || invoice['collection_method'] === collection_method)
        .filter((invoice) => isWithin(invoice.created, created))
        .filter((invoice) => status === undefined || invoice.status === status)
        .filter((invoice) => subscription === undefined || invoice.internal.subscription === subscription)
      return { ...listPage(account.store, invoices, matches, parameters, '/v1/invoices') }
    },
  }),
  'invoices.listLineItems': route<PageParameters>({
    answers: 'line_item',
    supports: pageParameters,
    handle({ account, id, parameters }): Rendered {
      const { lines } = get(account.store.invoices, id)
      const { data, has_more } = pageOfHeld(lines, 'line_item', parameters)
      return { object: 'list', data, has_more, url: `/v1/invoices/${id}/lines` }
    },
  }),
  'invoice-payments.retrieve': route({
    answers: 'invoice_payment',
    handle: ({ account, id }) => render(account.store, get(account.store.invoicePayments, id)),
  }),
  'invoice-payments.list': route<PaymentFilter>({
    answers: 'invoice_payment',
    supports: [...pageParameters, 'created', 'invoice', 'status'],
    handle({ account, parameters }) {
      const { invoicePayments } = account.store
      const { created, invoice, status } = parameters
      const matches = invoicePayments
        .newestFirst()
        .filter((payment) => isWithin(payment.created, created))
        .filter((payment) => invoice === undefined || payment.invoice === invoice)
        .filter((payment) => status === undefined || payment.status === status)
      return { ...listPage(account.store, invoicePayments, matches, parameters, '/v1/invoice_payments') }
    },
  }),
}
