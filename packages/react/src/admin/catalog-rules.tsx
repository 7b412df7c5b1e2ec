import type * as React from 'react'
import { EntryCard } from './entry-card.tsx'
import { FeatureList } from './feature-list.tsx'
import { LifecycleFields } from './lifecycle-fields.tsx'
import { MoveFields } from './move-fields.tsx'
import { PackList } from './pack-list.tsx'
import { useCatalogWords } from './use-catalog-words.ts'

/** What a catalog has besides its plans: packs, and the rules that hold for all plans. */
export function CatalogRules(): React.ReactElement {
  const words = useCatalogWords()
  return (
    <>
      <FeatureList />
      <PackList />
      <section data-slot="plan-editor-body">
        <h3 data-title="">{words.rulesTitle}</h3>
        <ul data-slot="plan-editor-plans">
          <EntryCard path="moves" name={words.movesTitle}><MoveFields /></EntryCard>
          <EntryCard path="lifecycle" name={words.lifecycleTitle}><LifecycleFields /></EntryCard>
        </ul>
      </section>
    </>
  )
}
