import * as React from 'react'
import { useRequired } from '../provider/billing-context.ts'
import { type PartOptions, type PartProps, type PartTag, part } from './part.tsx'

/** A part of a component, without a style of its own. It works inside the component's `Root`. */
export type Part<State, Tag extends PartTag = 'div'> = (props: PartProps<State, Tag>) => React.ReactElement

/** The state that a component's `Root` gives to the parts inside it. */
export type PartContext<State> = React.Context<State | undefined>

/** @see createPart */
export function createPartContext<State>(): PartContext<State> {
  return React.createContext<State | undefined>(undefined)
}

/** A part that reads the state of the `Root` around it. `slot` names it for stylesheets, as `data-slot`. */
export function createPart<State, Tag extends PartTag = 'div'>(
  context: PartContext<State>,
  slot: string,
  tag: Tag,
  ownProps: (state: State) => object,
): Part<State, Tag> {
  return function ComponentPart(props) {
    const state = useRequired(context)
    return part<State>(tag, props, { 'data-slot': slot, ...ownProps(state) }, state)
  }
}

/** A part that gives its state to the parts inside it. */
export function rootPart<State>(
  Context: PartContext<State>,
  tag: PartTag,
  props: PartOptions<State>,
  own: object,
  state: State,
): React.ReactElement {
  return <Context.Provider value={state}>{part(tag, props, own, state)}</Context.Provider>
}
