import { get } from '../get.ts'
import { listHeld, type PageParameters } from '../responses/paginate.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface InvoiceFilter {
  readonly subscription?: string
}

export const invoiceRoutes: Routes = {
  'invoices.retrieve': retrieveRoute('invoices'),
  'invoices.list': listRoute('invoices', {
    fields: ['collection_method', 'created', 'customer', 'status'],
    supports: ['subscription'],
    shows: ({ internal }, { subscription }: InvoiceFilter) => subscription === undefined || internal.subscription === subscription,
  }),
  'invoices.listLineItems': route<PageParameters>({
    supports: pageParameters,
    handle: ({ account, id, parameters, path }) => listHeld(get(account.store.invoices, id).lines, 'line_item', parameters, path),
  }),
  'invoice-payments.retrieve': retrieveRoute('invoicePayments'),
  'invoice-payments.list': listRoute('invoicePayments', { fields: ['created', 'invoice', 'status'] }),
}
