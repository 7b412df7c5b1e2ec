import type { InvoiceView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { BlockProps } from '../parts/reading-block.tsx'
import { actionButton } from '../plans/action-button.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { accountBlock } from './account-block.tsx'
import { invoiceEnglish } from './invoice-messages.ts'
import { useInvoices } from './use-invoices.ts'

/** Props of {@link InvoiceList}. */
export type InvoiceListProps = BlockProps<readonly InvoiceView[]>

/**
 * Invoices in a table, newest first, with Stripe's page and the document of each. Those before are read on demand. Where there
 * is little room its rows are no table to the eye; the roles keep it one to people who listen. Its children make another list of all
 * that were read; the button for more stays below.
 */
export function InvoiceList({ children: make, ...props }: InvoiceListProps): React.ReactElement {
  const { format, announce } = useBillingContext()
  const messages = useMessages(invoiceEnglish)
  const { hasMore, more, ...reading } = useInvoices()
  const id = React.useId()
  const invoices = reading.data ?? []

  /** The button goes with the last page, and leaves the focus where the invoices are. */
  async function load(): Promise<void> {
    const outcome = await more.run()
    if (!outcome?.data) return
    const { length } = outcome.data.invoices
    announce(messages.invoicesLoaded(length, format.number(length)))
    if (outcome.data.next === null) document.getElementById(id)?.focus()
  }

  const { columnInvoice, columnStatus, columnTotal, columnDocuments } = messages
  return accountBlock(props, 'invoice-list', reading, {
    title: messages.invoicesTitle,
    isEmpty: invoices.length === 0,
    emptyText: messages.noInvoices,
    lines: 8,
    children: (
      <>
        <div id={id} data-scroll="" aria-label={messages.invoicesTitle} {...roles.scroll}>
          {make ? make(invoices) : (
            <table data-table="" {...roles.table}>
              <thead {...roles.rowGroup}>
                <tr {...roles.row}>
                  <th {...roles.columnHeader} scope="col">{columnInvoice}</th>
                  <th {...roles.columnHeader} scope="col">{columnStatus}</th>
                  <th {...roles.columnHeader} scope="col" data-numbers="">{columnTotal}</th>
                  <th {...roles.columnHeader} scope="col" data-numbers=""><span data-hidden="">{columnDocuments}</span></th>
                </tr>
              </thead>
              <tbody {...roles.rowGroup}>{invoices.map((invoice) => <InvoiceRow key={invoice.id} {...invoice} />)}</tbody>
            </table>
          )}
        </div>
        {hasMore && <div>{actionButton(plain, 'invoice-list-more', { of: more, run: load, text: messages.moreInvoices })}</div>}
      </>
    ),
  })
}

/** Said outright: some browsers take no table for one whose rows are laid out another way. What scrolls is reached by keyboard. */
const roles = {
  scroll: { role: 'group', tabIndex: 0 },
  table: { role: 'table' }, rowGroup: { role: 'rowgroup' }, row: { role: 'row' }, columnHeader: { role: 'columnheader' },
  rowHeader: { role: 'rowheader' }, cell: { role: 'cell' },
}
const plain: object = { 'data-button': '' }
const tones = { draft: undefined, open: 'warn', paid: 'positive', void: undefined, uncollectible: 'critical' } as const

function InvoiceRow({ number, status, createdAt, currency, total, due, url, pdf }: InvoiceView): React.ReactElement {
  const { date, money } = useBillingContext().format
  const messages = useMessages(invoiceEnglish)
  const day = date(createdAt)
  const called = number ?? day
  const isOwed = due > 0 && (status === 'open' || status === 'uncollectible')
  return (
    <tr {...roles.row}>
      <th {...roles.rowHeader} scope="row">
        {url ? <a href={url} aria-label={messages.invoiceName(called)}>{called}</a> : called}
        {number && <div data-quiet="">{day}</div>}
      </th>
      <td {...roles.cell}><span data-tag="" data-tone={tones[status]}>{messages.invoiceStatus(status)}</span></td>
      <td {...roles.cell} data-numbers="">
        {money({ amount: total, currency })}
        {isOwed && due !== total && <div data-quiet="">{messages.stillDue(money({ amount: due, currency }))}</div>}
      </td>
      <td {...roles.cell} data-numbers="">
        {isOwed && url && <a href={url} aria-label={messages.payInvoice(called)}>{messages.pay}</a>}
        {pdf && <a href={pdf} aria-label={messages.pdfOfInvoice(called)}>{messages.pdf}</a>}
      </td>
    </tr>
  )
}
