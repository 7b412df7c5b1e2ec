import type { MoveRule } from '@farebox/core/catalog'
import * as React from 'react'
import { moveKinds, moveRuleOf, moveRules, pairsOf, usualRuleOf, withMoveRule, withPair, writeRule } from './edit-rules.ts'
import { FaultsBelow } from './faults-below.tsx'
import { FaultsContext, Field, fieldOf } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

/** When a change of the plan takes effect and how it is settled: for each kind of change, and for pairs of plans. */
export function MoveFields(): React.ReactElement {
  const { data, edit } = usePlanEditor()
  const words = useCatalogWords()
  const faults = React.useContext(FaultsContext)
  const root = React.useRef<HTMLDivElement>(null)
  const [taken, setTaken] = React.useState('')
  const pairs = pairsOf(data)
  const nameOf = (plan: string): string => data.plans[plan]?.name ?? plan
  const plans = Object.fromEntries(Object.keys(data.plans).map((key) => [key, nameOf(key)]))

  function add(event: React.FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const from = fieldOf(event.currentTarget, 'pairFrom')
    const to = fieldOf(event.currentTarget, 'pairTo')
    const isTaken = from === to || pairs.some((pair) => pair.from === from && pair.to === to)
    setTaken(isTaken ? words.pairTaken : '')
    if (!isTaken) edit(withPair(data, from, to, usualRuleOf(data, from, to)), `add pair ${from} ${to}`)
  }
  function remove(from: string, to: string): void {
    root.current?.querySelector<HTMLElement>('form select')?.focus()
    edit(withPair(data, from, to, undefined), `remove pair ${from} ${to}`)
  }
  return (
    <div ref={root} data-slot="plan-editor-body">
      {faults['moves'] && <p data-slot="admin-fault">{faults['moves']}</p>}
      <div data-slot="plan-editor-grid">
        {moveKinds.map((kind) => (
          <RuleField key={kind} name={`moves.${kind}`} label={words.moveOf(kind)} rule={moveRuleOf(data, kind)} onRule={(rule) => edit(withMoveRule(data, kind, rule), `moves.${kind}`)} />
        ))}
      </div>
      {pairs.map(({ from, to, rule }) => {
        const at = `moves.pairs.${from}.${to}`
        const fault = faults[`moves.pairs.${from}`]
        return (
          <div key={at} data-slot="plan-editor-add">
            <RuleField name={at} label={words.pairOf(nameOf(from), nameOf(to))} rule={rule} onRule={(next) => edit(withPair(data, from, to, next), at)} />
            <button type="button" data-button="" aria-label={words.removePair(nameOf(from), nameOf(to))} onClick={() => remove(from, to)}>{words.remove}</button>
            {fault && <p data-slot="admin-fault">{fault}</p>}
          </div>
        )
      })}
      <FaultsContext.Provider value={{ pairTo: taken }}>
        <form data-slot="plan-editor-add" onSubmit={add}>
          <Field name="pairFrom" label={words.pairFrom} options={plans} />
          <Field name="pairTo" label={words.pairTo} options={plans} />
          <button type="submit" data-button="">{words.addPair}</button>
        </form>
      </FaultsContext.Provider>
    </div>
  )
}

interface RuleFieldProps {
  readonly name: string
  readonly label: string
  readonly rule: MoveRule
  readonly onRule: (rule: MoveRule) => void
}

function RuleField({ name, label, rule, onRule }: RuleFieldProps): React.ReactElement {
  const words = useCatalogWords()
  const known = Object.fromEntries(moveRules.map((each) => [writeRule(each), words.moveRule(each)]))
  const value = writeRule(rule)
  return (
    <FaultsBelow path={name}>
      <Field
        name={name}
        label={label}
        // What cannot be is shown as it is, beside what is wrong with it.
        options={{ ...(known[value] === undefined && { [value]: value }), ...known }}
        value={value}
        onChange={({ target }) => {
          const next = moveRules.find((each) => writeRule(each) === target.value)
          if (next) onRule(next)
        }}
      />
    </FaultsBelow>
  )
}
