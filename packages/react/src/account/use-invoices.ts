import type { InvoiceView, InvoicesView } from '@farebox/core/protocol'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { type Action, useAction } from '../provider/use-action.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { useMoneyReading } from './use-money-reading.ts'

/** Invoices, newest first, and a way to read those before. */
export type Invoices = Reading<readonly InvoiceView[]> & {
  readonly hasMore: boolean
  /** Reads the next page, which is put behind the others. */
  readonly more: Action<[], InvoicesView>
}

/**
 * The invoices, a page at first. The first page is read again after changes; later ones stay as they were read, and have to
 * be asked for again when there is a new invoice, so that none is missing or there twice.
 */
export function useInvoices(): Invoices {
  const { client } = useBillingContext()
  const first = useMoneyReading<InvoicesView>('/invoices', 'invoices')
  const [later, setLater] = React.useState<Readonly<Record<string, InvoicesView>>>({})
  const pages: InvoicesView[] = []
  for (let page = first.data; page && !pages.includes(page); page = later[page.next ?? '']) pages.push(page)
  const after = pages.at(-1)?.next
  const more = useAction(async () => {
    const outcome = await client.request<InvoicesView>('GET', `/invoices?after=${encodeURIComponent(after ?? '')}`, 'invoices')
    const { data } = outcome
    if (data && after) setLater((known) => ({ ...known, [after]: data }))
    return outcome
  })
  const reading = first.status === 'success' ? { ...first, data: pages.flatMap((page) => page.invoices) } : first
  return { ...reading, hasMore: !!after, more }
}
