import * as React from 'react'
import { faultsBelow } from './faults-below.tsx'
import { FaultsContext } from './field.tsx'
import { LifecycleFields } from './lifecycle-fields.tsx'
import { MoveFields } from './move-fields.tsx'
import { PackList } from './pack-list.tsx'
import { useCatalogWords } from './use-catalog-words.ts'

/** What a catalog has besides its plans: packs, and the rules that hold for all plans. */
export function CatalogRules(): React.ReactElement {
  const words = useCatalogWords()
  return (
    <>
      <PackList />
      <section data-slot="plan-editor-body">
        <h3 data-title="">{words.rulesTitle}</h3>
        <ul data-slot="plan-editor-plans">
          <Rules path="moves" title={words.movesTitle}><MoveFields /></Rules>
          <Rules path="lifecycle" title={words.lifecycleTitle}><LifecycleFields /></Rules>
        </ul>
      </section>
    </>
  )
}

function Rules({ path, title, children }: { readonly path: string; readonly title: string; readonly children: React.ReactNode }): React.ReactElement {
  const words = useCatalogWords()
  const count = faultsBelow(React.useContext(FaultsContext), path).length
  // What has to be put right is open to begin with.
  const [isOpen] = React.useState(count > 0)
  return (
    <li data-slot="plan-editor-plan" data-surface="">
      <details open={isOpen}>
        <summary>
          <span data-title="">{title}</span>
          {count > 0 && <span data-tag="" data-tone="critical">{words.faults(count)}</span>}
        </summary>
        <div data-slot="plan-editor-body">{children}</div>
      </details>
    </li>
  )
}
