import { type PackTarget, type PriceAmount, type PriceTarget, type PushStep, checkCatalogData, compareCatalogs, defineCatalog } from '@farebox/core/catalog'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import type { PushGroup } from './catalog-messages.ts'
import { type PushChangesProps, usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

const groups: readonly PushGroup[] = ['create', 'replace', 'change', 'retire', 'leave']

/** The steps of a push that somebody should know of, by what they do. That what is replaced is retired goes without saying. */
function groupPush(steps: readonly PushStep[]): readonly (readonly [PushGroup, readonly PushStep[]])[] {
  const replaced = new Set(steps.flatMap((step) => (step.kind === 'price' && step.action === 'create' && step.replaces ? [step.replaces.id] : [])))
  const packs = new Set(steps.flatMap((step) => (step.kind === 'pack' && step.action !== 'retire' ? [step.target.pack] : [])))
  const groupOf = (step: PushStep): PushGroup | 'same' => {
    if (step.kind === 'pack') return step.action === 'retire' && packs.has(step.pack) ? 'same' : step.action
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
export function PushChanges({ pushed, isFaulty }: PushChangesProps): React.ReactElement {
  const { data, level } = usePlanEditor()
  const Heading = `h${level}` as const
  const words = useCatalogWords()
  const { format } = useBillingContext()
  const changes = React.useMemo(() => {
    if (isFaulty || checkCatalogData(pushed).length > 0) return undefined
    const from = defineCatalog(pushed)
    return { grouped: groupPush(compareCatalogs(from, defineCatalog(data))), before: new Map(compareCatalogs(from, from).flatMap(soldBy)) }
  }, [pushed, data, isFaulty])

  const nameOf = (key: string): string => (data.plans[key] ?? pushed.plans[key] ?? pushed.packs?.[key])?.name ?? key
  function costOf(amount: PriceAmount, currency: string): string {
    if (typeof amount === 'number') return format.money({ amount, currency })
    return amount.map(({ upTo, each }) => words.tierCost(format.money({ amount: each, currency }), upTo === null ? null : format.number(upTo))).join(' · ')
  }
  /** What something costs, in every currency, and on which terms. */
  function priceOf(target: PriceTarget | PackTarget | undefined): string {
    if (!target) return ''
    const cost = Object.entries(target.amounts).map(([currency, amount]) => costOf(amount, currency)).join(' / ')
    return 'pack' in target ? cost : words.priceTerms(cost, target.tiersMode, target.minimum, format.number(target.minimum))
  }
  function write(step: PushStep): string {
    const [sold] = soldBy(step)
    const now = priceOf(sold?.[1])
    const before = sold ? priceOf(changes?.before.get(sold[0])) : ''
    return words.step(step, nameOf, { now, before: before === now ? '' : before })
  }
  return (
    <section data-slot="plan-editor-changes" data-surface="">
      <Heading data-title="">{words.changesTitle}</Heading>
      {changes === undefined && <p data-quiet="">{words.changesAfterFaults}</p>}
      {changes?.grouped.length === 0 && <p data-quiet="">{words.noChanges}</p>}
      {changes?.grouped.map(([group, steps]) => (
        <div key={group}>
          {React.createElement(`h${level + 1}`, { 'data-quiet': '' }, words.group(group))}
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

/** What a step puts on sale, by the name that it is sold by. */
function soldBy(step: PushStep): readonly (readonly [string, PriceTarget | PackTarget])[] {
  return (step.kind === 'price' || step.kind === 'pack') && step.action !== 'retire' ? [[step.target.lookupKey, step.target]] : []
}
