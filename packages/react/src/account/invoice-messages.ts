import type { InvoiceView } from '@farebox/core/protocol'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about invoices. */
export interface InvoiceMessages {
  readonly invoicesTitle: string
  readonly noInvoices: string
  readonly columnInvoice: string
  readonly columnStatus: string
  readonly columnTotal: string
  readonly columnDocuments: string
  readonly invoiceStatus: (status: InvoiceView['status']) => string
  /** `Invoice F-0003`: its number, or its day where it has none. */
  readonly invoiceName: (number: string) => string
  /** Below the total of one that is paid in part. */
  readonly stillDue: (amount: string) => string
  readonly pay: string
  /** What people hear in place of `pay`, which has to stand in it. */
  readonly payInvoice: (number: string) => string
  readonly pdf: string
  /** What people hear in place of `pdf`, which has to stand in it. */
  readonly pdfOfInvoice: (number: string) => string
  readonly moreInvoices: string
  /** Said when more have come. */
  readonly invoicesLoaded: (count: number, written: string) => string
}

/** The default words. */
export const invoiceEnglish: CommonMessages & InvoiceMessages = /* @__PURE__ */ joinMessages<CommonMessages, InvoiceMessages>(commonEnglish, {
  invoicesTitle: 'Invoices',
  noInvoices: 'No invoices yet.',
  columnInvoice: 'Invoice',
  columnStatus: 'Status',
  columnTotal: 'Total',
  columnDocuments: 'Documents',
  invoiceStatus: (status) => ({ draft: 'Draft', open: 'Open', paid: 'Paid', void: 'Void', uncollectible: 'Unpaid' })[status],
  invoiceName: (number) => `Invoice ${number}`,
  stillDue: (amount) => `${amount} due`,
  pay: 'Pay',
  payInvoice: (number) => `Pay invoice ${number}`,
  pdf: 'PDF',
  pdfOfInvoice: (number) => `PDF of invoice ${number}`,
  moreInvoices: 'Show more',
  invoicesLoaded: (count, written) => `${written} more ${count === 1 ? 'invoice' : 'invoices'}`,
})
