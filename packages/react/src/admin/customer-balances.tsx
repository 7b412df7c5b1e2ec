import type { AdminCustomerView } from '@farebox/core/protocol'
import * as React from 'react'
import { TitledContext } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'
import type { ChangeInHand } from './change-form.tsx'
import { CustomerSection } from './customer-section.tsx'
import { deriveBalance } from './derive-balance.ts'
import { Noted, toTheMinute } from './noted.tsx'
import { ScrollRegion } from './scroll-region.tsx'

interface CustomerBalancesProps {
  readonly view: AdminCustomerView
  readonly onChange: (change: ChangeInHand) => void
}

/** What each balance is made of: every bucket that counts, in the order in which they are drawn. */
export function CustomerBalances({ view, onChange }: CustomerBalancesProps): React.ReactElement {
  const words = useAdminWords()
  const features = Object.keys(view.explanation)
  return (
    <CustomerSection title={words.balancesTitle} emptyText={features.length === 0 && words.noBalances}>
      {features.map((feature) => <Balance key={feature} feature={feature} view={view} onChange={onChange} />)}
    </CustomerSection>
  )
}

function Balance({ feature, view, onChange }: CustomerBalancesProps & { readonly feature: string }): React.ReactElement {
  const words = useAdminWords()
  const { format, labelOf } = useBillingContext()
  const id = React.useId()
  const above = React.useContext(TitledContext)
  const parts = deriveBalance(view.explanation[feature] ?? [])
  const usage = view.snapshot.usage[feature]
  const number = (value: number | null): string => (value === null ? words.unlimited : format.number(value))
  const hasReserved = parts.some(({ reserved }) => reserved > 0)
  const hasGrants = parts.some(({ source }) => source === 'grant')
  const columns = [words.columnSource, words.columnAmount, words.columnUsed, hasReserved && words.columnReserved, words.columnLeft, words.columnEnds]
  return (
    <div data-slot="admin-balance">
      <div data-row="">
        {React.createElement(`h${above + 2}`, { id }, labelOf(feature))}
        {usage && (
          <span data-quiet="" data-numbers="">
            {words.usedOf(format.number(usage.used), usage.limit === null ? words.unlimited : words.amount(format.number(usage.limit), usage.limit, usage.unit))}
          </span>
        )}
      </div>
      <div data-slot="admin-bar" aria-hidden>
        {parts.map(({ amount, ratio }, index) => amount !== null && amount > 0 && (
          <span key={index} style={{ flexGrow: amount }}><span style={{ inlineSize: `${ratio * 100}%` }} /></span>
        ))}
      </div>
      <ScrollRegion aria-labelledby={id}>
        <table data-table="" aria-labelledby={id}>
          <thead>
            <tr>
              {columns.map((column, index) => column && <th key={column} scope="col" data-numbers={index ? '' : undefined}>{column}</th>)}
              {hasGrants && <th scope="col"><span data-hidden="">{words.columnActions}</span></th>}
            </tr>
          </thead>
          <tbody>
            {parts.map(({ source, key, amount, used, reserved, left, expiresAt, reason }) => (
              <tr key={key ?? source}>
                <th scope="row">
                  {words.sourceOf(source)}
                  {(reason ?? key) !== null && <Noted slot="admin-note" of={[reason ?? key]} />}
                </th>
                <td data-numbers="">{number(amount)}</td>
                <td data-numbers="">{format.number(used)}</td>
                {hasReserved && <td data-numbers="">{format.number(reserved)}</td>}
                <td data-numbers="">{number(left)}</td>
                <td data-numbers="">{expiresAt ? format.date(expiresAt, toTheMinute) : words.never}</td>
                {hasGrants && (
                  <td>
                    {source === 'grant' && key !== null && (
                      <button
                        type="button"
                        data-button="link"
                        aria-label={words.voidNamed(reason ?? key)}
                        onClick={() => onChange({ change: 'void-grant', name: reason ?? key, of: key })}
                      >
                        {words.voidAction}
                      </button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  )
}
