import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'
import { ScrollRegion } from './scroll-region.tsx'
import { writeCatalogFile } from './write-catalog-file.ts'

/** The catalog as the text of its file, to be copied. */
export function CatalogFile(): React.ReactElement {
  const { data } = usePlanEditor()
  const words = useCatalogWords()
  const { announce } = useBillingContext()
  const [note, setNote] = React.useState('')
  const text = writeCatalogFile(data)
  async function copy(): Promise<void> {
    const said = await navigator.clipboard.writeText(text).then(() => words.copied, () => words.notCopied)
    setNote(said)
    announce(said)
  }
  return (
    <details data-slot="plan-editor-file">
      <summary>{words.fileTitle}</summary>
      <div data-slot="admin-actions">
        <button type="button" data-button="" onClick={() => void copy()}>{words.copy}</button>
        <span data-quiet="">{note}</span>
      </div>
      <ScrollRegion aria-label={words.fileTitle}><pre><code>{text}</code></pre></ScrollRegion>
    </details>
  )
}
