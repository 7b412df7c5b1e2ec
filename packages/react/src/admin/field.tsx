import * as React from 'react'

/** What the server says is wrong, by the name of the field. */
export const FaultsContext: React.Context<Readonly<Record<string, string>>> = /* @__PURE__ */ React.createContext<Readonly<Record<string, string>>>({})

/** Props of {@link Field}: those of an input, or of a choice. */
export type FieldProps = Omit<React.ComponentPropsWithoutRef<'input'>, 'children' | 'onChange'> & {
  readonly name: string
  readonly onChange?: ((event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) => void) | undefined
  readonly label: string
  readonly hint?: string | undefined
  /** Of a choice, by value. */
  readonly options?: Readonly<Record<string, string>>
}

/** What was typed into a field of a form. */
export function fieldOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A labelled field, with what is wrong with it beside it. */
export function Field({ label, hint, options, ...props }: FieldProps): React.ReactElement {
  const id = React.useId()
  const fault = React.useContext(FaultsContext)[props.name]
  const told = { id, 'aria-invalid': fault ? true : undefined, 'aria-describedby': hint || fault ? `${id}t` : undefined } as const
  return (
    <div data-slot="admin-field">
      <label htmlFor={id}>{label}</label>
      {options ? (
        <select name={props.name} value={props.value} onChange={props.onChange} {...told}>
          {Object.entries(options).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      ) : (
        <input {...props} {...told} />
      )}
      {(hint || fault) && (
        <div id={`${id}t`} data-quiet="">
          {fault && <p data-slot="admin-fault">{fault}</p>}
          {hint}
        </div>
      )}
    </div>
  )
}
