import * as React from 'react'
import { plainDigits } from './edit-catalog.ts'
import { FaultsContext, Field, type FieldProps } from './field.tsx'

type DraftFieldProps<Value> = Omit<FieldProps, 'value' | 'onChange'> & {
  readonly value: Value
  readonly read: (text: string) => Value
  readonly write: (value: Value) => string
  readonly onValue: (value: Value) => void
}

/** A field of a value that people type: what they typed stays as they typed it, for as long as it means the value. */
export function DraftField<Value>({ value, read, write, onValue, ...field }: DraftFieldProps<Value>): React.ReactElement {
  const [draft, setDraft] = React.useState<{ readonly text: string; readonly means: string | undefined }>()
  const text = draft && draft.means === JSON.stringify(value) ? draft.text : write(value)
  return (
    <Field
      autoComplete="off"
      {...field}
      value={text}
      onChange={({ target }) => {
        const next = read(target.value)
        setDraft({ text: target.value, means: JSON.stringify(next) })
        onValue(next)
      }}
    />
  )
}

/** A whole number; what is none is `-1`, which nothing takes, and what is left empty `empty`. */
export function NumberField<Empty>({ empty, ...field }: Omit<DraftFieldProps<number | Empty>, 'read' | 'write'> & { readonly empty: Empty }): React.ReactElement {
  const read = (text: string): number | Empty => {
    const plain = plainDigits(text)
    return plain === '' ? empty : /^\d+$/.test(plain) ? Number(plain) : -1
  }
  return <DraftField inputMode="numeric" {...field} read={read} write={(value) => (typeof value === 'number' && value >= 0 ? `${value}` : '')} />
}

/** A box to tick, with what is wrong with it below. */
export function CheckField({ name, label, checked, onCheck }: {
  readonly name: string
  readonly label: string
  readonly checked: boolean
  readonly onCheck: (checked: boolean) => void
}): React.ReactElement {
  const id = React.useId()
  const fault = React.useContext(FaultsContext)[name]
  return (
    <div data-slot="admin-check">
      <label>
        <input
          type="checkbox"
          name={name}
          checked={checked}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? id : undefined}
          onChange={({ target }) => onCheck(target.checked)}
        />
        {label}
      </label>
      {fault && <p id={id} data-slot="admin-fault">{fault}</p>}
    </div>
  )
}
