import type { AdminCustomerEntryView } from '@farebox/core/protocol'
import * as React from 'react'
import { ReadingBody } from '../parts/reading-body.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { AdminError } from './admin-error.tsx'
import { useAdminWords } from './admin-context.ts'
import { fieldOf } from './field.tsx'
import { Noted } from './noted.tsx'
import { useAdminCustomers } from './use-admin-customers.ts'

/** The field to search with. */
export function CustomerSearch({ onSearch, initial }: { readonly onSearch: (search: string) => void; readonly initial: string }): React.ReactElement {
  const words = useAdminWords()
  const id = React.useId()
  function submit(event: React.FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const search = fieldOf(event.currentTarget, 'search')
    if (search) onSearch(search)
  }
  return (
    <search>
      <form data-slot="admin-search" onSubmit={submit}>
        <label htmlFor={id} data-title="">{words.searchLabel}</label>
        <div data-slot="admin-search-row">
          <input id={id} name="search" type="search" dir="auto" defaultValue={initial} maxLength={255} autoComplete="off" spellCheck={false} aria-describedby={`${id}h`} />
          <button type="submit" data-button="primary">{words.searchAction}</button>
        </div>
        <p id={`${id}h`} data-quiet="">{words.searchHint}</p>
      </form>
    </search>
  )
}

interface CustomerListProps {
  readonly search: string
  /** The one that was looked at last, to go on from there. */
  readonly current: string | undefined
  readonly onChoose: (customer: string) => void
}

/** Whom the search found. Arrow keys go up and down. */
export function CustomerList({ search, current, onChoose }: CustomerListProps): React.ReactElement | null {
  const words = useAdminWords()
  const { announce, format } = useBillingContext()
  const reading = useAdminCustomers(search)
  const list = React.useRef<HTMLUListElement>(null)
  const customers = reading?.data?.customers
  const count = customers?.length
  const found = count === undefined ? '' : count > 0 ? words.found(count, format.number(count)) : words.noCustomers(search)

  React.useEffect(() => {
    if (found) announce(found)
  }, [announce, found])
  React.useEffect(() => {
    list.current?.querySelector<HTMLElement>('[aria-current]')?.focus()
  }, [])
  if (!reading) return null

  return (
    <ReadingBody of={reading} error={<AdminError of={reading} />} isEmpty={count === 0} emptyText={words.noCustomers(search)}>
      <ul ref={list} data-slot="admin-customers" aria-label={words.resultsTitle}>
        {customers?.map((entry) => (
          <li key={entry.customer}>
            <button
              type="button"
              data-slot="admin-customer-entry"
              aria-current={entry.customer === current || undefined}
              onClick={() => onChoose(entry.customer)}
              onKeyDown={moveFocus}
            >
              <CustomerEntry {...entry} />
            </button>
          </li>
        ))}
      </ul>
    </ReadingBody>
  )
}

function moveFocus(event: React.KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const buttons = [...(event.currentTarget.closest('ul')?.querySelectorAll('button') ?? [])]
  const next = step && buttons[buttons.indexOf(event.currentTarget) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

function CustomerEntry({ customer, name, email, planName, status }: AdminCustomerEntryView): React.ReactElement {
  const words = useAdminWords()
  const rest = [email, customer].filter((text) => text !== null && text !== (name ?? customer))
  return (
    <>
      <span>
        <bdi data-title="">{name ?? customer}</bdi>
        {rest.length > 0 && <Noted slot="admin-customer-names" of={rest} />}
      </span>
      <span data-tag="">{planName}{status !== 'none' && status !== 'active' && words.comma + words.status(status)}</span>
    </>
  )
}
