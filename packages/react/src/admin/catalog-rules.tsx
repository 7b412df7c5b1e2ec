import type * as React from 'react'
import { EntryCard } from './entry-card.tsx'
import { FeatureList } from './feature-list.tsx'
import { LifecycleFields } from './lifecycle-fields.tsx'
import { MoveFields } from './move-fields.tsx'
import { PackList } from './pack-list.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

/** What a catalog has besides its plans: packs, and the rules that hold for all plans. */
export function CatalogRules(): React.ReactElement {
  const words = useCatalogWords()
  const Heading = `h${usePlanEditor().level}` as const
  return (
    <>
      <FeatureList />
      <PackList />
      <section data-slot="plan-editor-body">
        <Heading data-title="">{words.rulesTitle}</Heading>
        <ul data-slot="plan-editor-plans">
          <EntryCard path="moves" name={words.movesTitle}><MoveFields /></EntryCard>
          <EntryCard path="lifecycle" name={words.lifecycleTitle}><LifecycleFields /></EntryCard>
        </ul>
      </section>
    </>
  )
}
