import * as React from 'react'
import { type PartProps, part } from '../parts/part.tsx'
import { AdminWordsContext, useAdminWords } from './admin-context.ts'
import type { AdminMessages } from './admin-messages.ts'
import { CustomerDetail } from './customer-detail.tsx'
import { CustomerList, CustomerSearch } from './customer-search.tsx'

/** Where somebody is in an {@link AdminCustomerPanel}. */
export interface AdminCustomerPanelState {
  /** What was searched for; `''` before. */
  readonly search: string
  /** Whose page it is; `undefined` before one is chosen. */
  readonly customer: string | undefined
}

/** Props of {@link AdminCustomerPanel}. */
export type AdminCustomerPanelProps = Omit<PartProps<AdminCustomerPanelState>, 'children'> & {
  readonly defaultSearch?: string
  /** Whom to begin with, and to go on to where it changes: for a page of one's own such as `/admin/customers/:customer`. */
  readonly defaultCustomer?: string
  /** Is told whom somebody looks at, and `undefined` when they go back: for the address of the page. */
  readonly onCustomerChange?: (customer: string | undefined) => void
  /** Of the customer's heading, below which are two more; 2 unless said otherwise. */
  readonly level?: 1 | 2 | 3 | 4
  /** Words of your own. */
  readonly messages?: Partial<AdminMessages>
}

/**
 * Finds a customer, says what each balance is made of, grants more, gives a plan for free, and shows who did what. For people
 * whom the server's `admin` rule lets in: it decides on every request, whatever a page shows.
 */
export function AdminCustomerPanel({ messages, ...props }: AdminCustomerPanelProps): React.ReactElement {
  return (
    <AdminWordsContext.Provider value={messages}>
      <Panel {...props} />
    </AdminWordsContext.Provider>
  )
}

function Panel({ defaultSearch = '', defaultCustomer, onCustomerChange, level = 2, ...props }: Omit<AdminCustomerPanelProps, 'messages'>): React.ReactElement {
  const words = useAdminWords()
  const [state, setState] = React.useState<AdminCustomerPanelState>({ search: defaultSearch, customer: defaultCustomer })
  const [last, setLast] = React.useState<string>()
  // A search that is repeated is asked anew.
  const [turn, setTurn] = React.useState(0)
  const { search, customer } = state

  const [given, setGiven] = React.useState(defaultCustomer)
  function turnTo(next: AdminCustomerPanelState): void {
    setState(next)
    setLast(next.customer ?? customer)
    setTurn(turn + 1)
  }
  if (given !== defaultCustomer) {
    setGiven(defaultCustomer)
    // What the page's address says of what was chosen here is nothing new.
    if (defaultCustomer !== customer) turnTo({ search, customer: defaultCustomer })
  }

  function show(next: AdminCustomerPanelState): void {
    turnTo(next)
    if (next.customer !== customer) onCustomerChange?.(next.customer)
  }
  const children = [
    <CustomerSearch key="search" initial={search} onSearch={(text) => show({ search: text, customer: undefined })} />,
    customer !== undefined && search !== '' && (
      <button key="back" type="button" data-button="link" onClick={() => show({ search, customer: undefined })}>{words.backToResults}</button>
    ),
    customer === undefined ? (
      <CustomerList key={`list ${turn}`} search={search} current={last} onChoose={(chosen) => show({ search, customer: chosen })} />
    ) : (
      <CustomerDetail key={customer} customer={customer} level={level} takesFocus={turn > 0} />
    ),
  ]
  return part('div', props, { 'data-farebox': '', 'data-slot': 'admin-customer-panel', children }, state)
}
