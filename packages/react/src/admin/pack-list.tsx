import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { currenciesOf, moneyOf } from './edit-catalog.ts'
import { withPack } from './edit-rules.ts'
import { FaultsContext, Field, fieldOf } from './field.tsx'
import { PackCard } from './pack-card.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

/** What is sold once, and a form for another. */
export function PackList(): React.ReactElement {
  const { data, edit } = usePlanEditor()
  const words = useCatalogWords()
  const { announce } = useBillingContext()
  const root = React.useRef<HTMLElement>(null)
  const [added, setAdded] = React.useState<readonly string[]>([])
  const [taken, setTaken] = React.useState('')
  const packs = Object.entries(data.packs ?? {})
  const currencies = Object.values(data.plans).map(currenciesOf).find((list) => list.length > 0) ?? ['usd']
  const last = added.at(-1)

  React.useEffect(() => {
    // Whoever adds a pack goes on in it.
    if (last !== undefined) root.current?.querySelector<HTMLElement>(`[data-pack="${CSS.escape(last)}"] input`)?.focus()
  }, [last])

  function remove(key: string, name: string): void {
    root.current?.querySelector<HTMLElement>('form input')?.focus()
    edit(withPack(data, key, undefined), `remove pack ${key}`)
    announce(words.packRemoved(name))
  }
  function add(event: React.FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const key = fieldOf(event.currentTarget, 'packKey')
    if (!key) return
    const isTaken = Object.hasOwn(data.packs ?? {}, key)
    setTaken(isTaken ? words.packKeyTaken : '')
    if (isTaken) return
    event.currentTarget.reset()
    setAdded([...added.filter((known) => known !== key), key])
    edit(withPack(data, key, { name: key, price: moneyOf(currencies), grants: {} }), `add pack ${key}`)
  }
  return (
    <section ref={root} data-slot="plan-editor-body">
      <h3 data-title="">{words.packsTitle}</h3>
      {packs.length === 0 && <p data-quiet="">{words.noPacks}</p>}
      <ul data-slot="plan-editor-plans">
        {packs.map(([key, pack]) => (
          <PackCard
            key={key}
            packKey={key}
            pack={pack}
            isOpen={added.includes(key)}
            onPack={(next, field) => edit(withPack(data, key, next), field)}
            onRemove={() => remove(key, pack.name)}
          />
        ))}
      </ul>
      <FaultsContext.Provider value={{ packKey: taken }}>
        <form data-slot="plan-editor-add" onSubmit={add}>
          <Field name="packKey" label={words.packKey} hint={words.packKeyHint} autoComplete="off" spellCheck={false} />
          <button type="submit" data-button="">{words.addPack}</button>
        </form>
      </FaultsContext.Provider>
    </section>
  )
}
