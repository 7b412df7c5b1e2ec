import { type CatalogData, type Fault, checkCatalogData } from '@farebox/core/catalog'
import * as React from 'react'
import { type PartProps, part } from '../parts/part.tsx'
import type { HeadingLevel } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { CatalogMessages } from './catalog-messages.ts'
import { withPlan, withPlanMoved } from './edit-catalog.ts'
import { EntryForm } from './entry-form.tsx'
import { FaultsContext } from './field.tsx'
import { PlanCard } from './plan-card.tsx'
import { PlanEditorContext } from './plan-editor-context.ts'
import { type PlanEditorMessages, planEditorEnglish } from './plan-editor-messages.ts'
import { useCatalogParts } from './use-catalog-parts.ts'

/** What a {@link PlanEditor} holds. */
export interface PlanEditorState {
  readonly data: CatalogData
  /** What is wrong with it, by `defineCatalog`'s own rules; none where it is right. */
  readonly faults: readonly Fault[]
}

/** Props of {@link PlanEditor}: give `value` to keep the catalog yourself, or `defaultValue` to let the editor keep it. */
export type PlanEditorProps = Omit<PartProps<PlanEditorState>, 'children' | 'onChange' | 'defaultValue'> & {
  /** The catalog that was pushed, with which edits are compared; what the editor begins with unless said otherwise. */
  readonly pushed?: CatalogData
  /** Is told each edit, and what is wrong with it: keep it, but deploy it only without faults. */
  readonly onChange?: (data: CatalogData, faults: readonly Fault[]) => void
  /** Which plans are open at first, by key; none unless said otherwise. */
  readonly defaultOpen?: readonly string[]
  /** Of its headings, below which are others; 3 unless said otherwise. */
  readonly level?: Exclude<HeadingLevel, 6>
  /** Words of your own. */
  readonly messages?: Partial<PlanEditorMessages & CatalogMessages>
} & ({ readonly value: CatalogData; readonly defaultValue?: undefined } | { readonly defaultValue: CatalogData; readonly value?: undefined })

/**
 * Edits a catalog as data, as `describeCatalog` answers it: its plans with prices, terms and rate limits, its packs, and the rules for
 * changes of the plan and for access. Checks it as it would be checked in its file, and tells what `farebox push` would do. Nothing reaches a server: the catalog file stays the one place where it is kept.
 */
export function PlanEditor(props: PlanEditorProps): React.ReactElement {
  const { value, defaultValue, pushed, onChange, defaultOpen = [], level = 3, messages, ...rest } = props
  const { announce, format } = useBillingContext()
  const words = { ...planEditorEnglish, ...messages }
  const [own, setOwn] = React.useState<CatalogData>(value ?? defaultValue)
  const [first] = React.useState(own)
  const [past, setPast] = React.useState<readonly { readonly data: CatalogData; readonly field: string }[]>([])
  const [added, setAdded] = React.useState<readonly string[]>([])
  const root = React.useRef<HTMLUListElement>(null)
  const focusNext = React.useRef('')
  const [parts, loadParts] = useCatalogParts()
  const data = value ?? own
  const faults = React.useMemo(() => checkCatalogData(data), [data])
  const plans = Object.entries(data.plans)

  React.useEffect(() => {
    // A part of the list that was moved loses the focus.
    if (focusNext.current) root.current?.parentElement?.querySelector<HTMLElement>(focusNext.current)?.focus()
    focusNext.current = ''
  })

  function put(next: CatalogData): void {
    setOwn(next)
    onChange?.(next, checkCatalogData(next))
  }
  function edit(next: CatalogData, field: string): void {
    if (past.at(-1)?.field !== field) setPast([...past, { data, field }])
    put(next)
  }
  function undo(): void {
    const last = past.at(-1)
    if (!last) return
    setPast(past.slice(0, -1))
    put(last.data)
    announce(words.undone)
  }
  function move(key: string, name: string, by: 1 | -1): void {
    const next = withPlanMoved(data, key, by)
    if (next === data) return
    focusNext.current = `[data-entry="plans.${CSS.escape(key)}"] [data-move="${by === 1 ? 'down' : 'up'}"]`
    // Each move is undone by itself.
    edit(next, `move ${past.length}`)
    announce(words.planMoved(name, format.number(Object.keys(next.plans).indexOf(key) + 1), format.number(plans.length)))
  }
  function remove(next: CatalogData, path: string, toldOf: string): void {
    focusNext.current = `form[data-entry="${path.split('.')[0]}"] input`
    edit(next, `remove ${path}`)
    announce(toldOf)
  }
  function add(next: CatalogData, path: string): void {
    setAdded([...added, path])
    focusNext.current = `[data-entry="${CSS.escape(path)}"] :is(input, select)`
    edit(next, `add ${path}`)
  }

  const known = Object.fromEntries(faults.map((fault) => [fault.path, words.fault(fault)]))
  const Heading = `h${level}` as const
  const children = (
    <PlanEditorContext.Provider value={{ data, level, words, edit, add, remove, added, parts }}>
      <FaultsContext.Provider value={known}>
        <div data-row="">
          <Heading data-title="">{words.plansTitle}</Heading>
          <button type="button" data-button="" aria-disabled={past.length === 0 || undefined} onClick={undo}>{words.undo}</button>
        </div>
        <Faults faults={faults} words={words} />
        <ul ref={root} data-slot="plan-editor-plans">
          {plans.map(([key, plan], index) => (
            <PlanCard
              key={key}
              planKey={key}
              plan={plan}
              isFirst={index === 0}
              isLast={index === plans.length - 1}
              isOpen={defaultOpen.includes(key)}
              onPlan={(next, field) => edit(withPlan(data, key, next), field)}
              onMove={(by) => move(key, plan.name, by)}
              onRemove={() => remove(withPlan(data, key, undefined), `plans.${key}`, words.planRemoved(plan.name))}
            />
          ))}
        </ul>
      </FaultsContext.Provider>
      <EntryForm
        of="plans"
        name="key"
        label={words.planKey}
        hint={words.planKeyHint}
        action={words.addPlan}
        taken={words.keyTaken}
        known={data.plans}
        onAdd={(key) => add(withPlan(data, key, { name: key, features: {} }), `plans.${key}`)}
      />
      <FaultsContext.Provider value={known}>
        {parts && <parts.CatalogRules />}
        {parts === undefined && <p data-quiet="" aria-busy>{words.restLoading}</p>}
        {parts === null && (
          <p data-slot="error-state" role="alert">
            {words.restFailed} <button type="button" data-slot="retry" onClick={loadParts}>{words.restRetry}</button>
          </p>
        )}
      </FaultsContext.Provider>
      {parts && <parts.PushChanges pushed={pushed ?? first} isFaulty={faults.length > 0} />}
      {parts && <parts.CatalogFile />}
    </PlanEditorContext.Provider>
  )
  return part('div', rest, { 'data-farebox': '', 'data-slot': 'plan-editor', children }, { data, faults })
}

/** Everything that is wrong, told when it changes. */
function Faults({ faults, words }: { readonly faults: readonly Fault[]; readonly words: PlanEditorMessages }): React.ReactElement {
  return (
    <div aria-live="polite" data-slot="plan-editor-faults">
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => <li key={fault.path + fault.message} data-slot="admin-fault"><code>{fault.path}</code> {words.fault(fault)}</li>)}
        </ul>
      )}
    </div>
  )
}
