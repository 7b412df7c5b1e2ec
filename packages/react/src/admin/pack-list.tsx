import type * as React from 'react'
import { currenciesOf, moneyOf } from './edit-catalog.ts'
import { withPack } from './edit-rules.ts'
import { EntryForm } from './entry-form.tsx'
import { PackCard } from './pack-card.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

/** What is sold once, and a form for another. */
export function PackList(): React.ReactElement {
  const { data, level, edit, add, remove } = usePlanEditor()
  const Heading = `h${level}` as const
  const words = useCatalogWords()
  const packs = Object.entries(data.packs ?? {})
  const currencies = Object.values(data.plans).map(currenciesOf).find((list) => list.length > 0) ?? ['usd']
  return (
    <section data-slot="plan-editor-body">
      <Heading data-title="">{words.packsTitle}</Heading>
      {packs.length === 0 && <p data-quiet="">{words.noPacks}</p>}
      <ul data-slot="plan-editor-plans">
        {packs.map(([key, pack]) => (
          <PackCard
            key={key}
            packKey={key}
            pack={pack}
            onPack={(next, field) => edit(withPack(data, key, next), field)}
            onRemove={() => remove(withPack(data, key, undefined), `packs.${key}`, words.packRemoved(pack.name))}
          />
        ))}
      </ul>
      <EntryForm
        of="packs"
        name="packKey"
        label={words.packKey}
        hint={words.packKeyHint}
        action={words.addPack}
        taken={words.packKeyTaken}
        known={data.packs}
        onAdd={(key) => add(withPack(data, key, { name: key, price: moneyOf(currencies), grants: {} }), `packs.${key}`)}
      />
    </section>
  )
}
