import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { faultsBelow } from './faults-below.tsx'
import { FaultsContext } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'

interface EntryCardProps {
  /** Where it is in the catalog: `plans.pro`. */
  readonly path: string
  readonly name: string
  /** What stands beside the name. */
  readonly note?: React.ReactNode
  /** Of its own parts, the one that has no field to tell what is wrong with it. */
  readonly whole?: string
  readonly isOpen?: boolean
  /** What can be done with all of it. */
  readonly actions?: React.ReactNode
  readonly children: React.ReactNode
}

/** A part of the catalog: what it is at a glance, and everything about it to edit. What has to be put right is open to begin with. */
export function EntryCard({ path, name, note, whole = '', isOpen = false, actions, children }: EntryCardProps): React.ReactElement {
  const { words, added } = usePlanEditor()
  const { format } = useBillingContext()
  const faults = React.useContext(FaultsContext)
  const count = faultsBelow(faults, path).length
  const own = [faults[path], faults[`${path}.${whole}`]].filter(Boolean).join(' ')
  const [isFaulty] = React.useState(count > 0)
  return (
    <li data-slot="plan-editor-plan" data-entry={path} data-surface="">
      <details open={isOpen || isFaulty || added.includes(path)}>
        <summary>
          <bdi data-title="">{name}</bdi>
          {note && <span data-quiet="" data-numbers="">{note}</span>}
          {count > 0 && <span data-tag="" data-tone="critical">{words.faults(count, format.number(count))}</span>}
        </summary>
        <div data-slot="plan-editor-body">
          {own && <p data-slot="admin-fault">{own}</p>}
          {children}
        </div>
      </details>
      {actions && <div data-slot="admin-actions">{actions}</div>}
    </li>
  )
}
