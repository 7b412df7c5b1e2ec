import * as React from 'react'
import { FaultsContext, Field, fieldOf } from './field.tsx'

interface EntryFormProps {
  /** Of what: `plans`. */
  readonly of: string
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly action: string
  /** What is said of a key that is there already. */
  readonly taken: string
  readonly known: object | undefined
  readonly onAdd: (key: string, form: HTMLFormElement) => void
  /** What else is asked for. */
  readonly children?: React.ReactNode
}

/** Asks for the key of something new. */
export function EntryForm({ of, name, label, hint, action, taken, known = {}, onAdd, children }: EntryFormProps): React.ReactElement {
  const [fault, setFault] = React.useState('')
  function add(event: React.FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const key = fieldOf(form, name)
    if (!key) return
    const isTaken = Object.hasOwn(known, key)
    setFault(isTaken ? taken : '')
    if (isTaken) return
    onAdd(key, form)
    form.reset()
  }
  return (
    <FaultsContext.Provider value={{ [name]: fault }}>
      <form data-slot="plan-editor-add" data-entry={of} onSubmit={add}>
        <Field name={name} label={label} hint={hint} dir="ltr" autoComplete="off" spellCheck={false} />
        {children}
        <button type="submit" data-button="">{action}</button>
      </form>
    </FaultsContext.Provider>
  )
}
