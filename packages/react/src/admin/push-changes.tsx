import { type CatalogData, type PriceAmount, type PushStep, checkCatalogData, compareCatalogs, defineCatalog } from '@farebox/core/catalog'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { usePlanEditor } from './plan-editor-context.ts'
import type { PushGroup } from './plan-editor-messages.ts'

const groups: readonly PushGroup[] = ['create', 'replace', 'change', 'retire', 'leave']

/** The steps of a push that somebody should know of, by what they do. That a replaced price is retired goes without saying. */
function groupPush(steps: readonly PushStep[]): readonly (readonly [PushGroup, readonly PushStep[]])[] {
  const replaced = new Set(steps.flatMap((step) => (step.kind === 'price' && step.action === 'create' && step.replaces ? [step.replaces.id] : [])))
  const groupOf = (step: PushStep): PushGroup | 'same' => {
    if (step.kind !== 'price') return step.action
    if (step.action === 'create' && step.replaces) return 'replace'
    return step.action === 'retire' && replaced.has(step.id) ? 'same' : step.action
  }
  return groups.flatMap((group) => {
    const list = steps.filter((step) => groupOf(step) === group)
    return list.length === 0 ? [] : [[group, list] as const]
  })
}

/** What `farebox push` would do for the edited catalog, in words. */
export function PushChanges({ pushed, isFaulty }: { readonly pushed: CatalogData; readonly isFaulty: boolean }): React.ReactElement {
  const { data, words } = usePlanEditor()
  const { format } = useBillingContext()
  const grouped = React.useMemo(() => {
    if (isFaulty || checkCatalogData(pushed).length > 0) return undefined
    return groupPush(compareCatalogs(defineCatalog(pushed), defineCatalog(data)))
  }, [pushed, data, isFaulty])

  const nameOf = (plan: string): string => data.plans[plan]?.name ?? pushed.plans[plan]?.name ?? plan
  function costOf(amount: PriceAmount | null | undefined, currency: string): string {
    if (amount === null || amount === undefined) return ''
    if (typeof amount === 'number') return format.money({ amount, currency })
    return amount.map(({ upTo, each }) => `${format.money({ amount: each, currency })}${upTo === null ? '' : ` (≤ ${format.number(upTo)})`}`).join(', ')
  }
  function write(step: PushStep): string {
    if (step.kind !== 'price' || step.action === 'retire') return words.step(step, nameOf, { now: '', before: '' })
    const now = Object.entries(step.target.amounts).map(([currency, amount]) => costOf(amount, currency)).join(' / ')
    const before = step.action === 'create' && step.replaces ? costOf(step.replaces.amount, step.replaces.currency) : ''
    return words.step(step, nameOf, { now, before })
  }
  return (
    <section data-slot="plan-editor-changes" data-surface="">
      <h3 data-title="">{words.changesTitle}</h3>
      {grouped === undefined && <p data-quiet="">{words.changesAfterFaults}</p>}
      {grouped?.length === 0 && <p data-quiet="">{words.noChanges}</p>}
      {grouped?.map(([group, steps]) => (
        <div key={group}>
          <h4 data-quiet="">{words.group(group)}</h4>
          <ul data-slot="plan-editor-steps">
            {/* Steps have no names; none of them keeps a state. */}
            {steps.map((step, index) => <li key={index} data-action={group}>{write(step)}</li>)}
          </ul>
        </div>
      ))}
      <p data-quiet="">{words.changesHint}</p>
    </section>
  )
}
