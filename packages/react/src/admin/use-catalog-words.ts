import { type CatalogMessages, catalogEnglish } from './catalog-messages.ts'
import { usePlanEditor } from './plan-editor-context.ts'
import type { PlanEditorMessages } from './plan-editor-messages.ts'

/** The words for all of a catalog: the app's own, else English. */
export function useCatalogWords(): PlanEditorMessages & CatalogMessages {
  return { ...catalogEnglish, ...usePlanEditor().words }
}
