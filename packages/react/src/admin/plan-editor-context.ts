import type { CatalogData, PlanData } from '@farebox/core/catalog'
import * as React from 'react'
import type { HeadingLevel } from '../parts/reading-part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import type { CatalogMessages } from './catalog-messages.ts'
import type { PlanEditorMessages } from './plan-editor-messages.ts'

/** Props of the fields for what limits how often a plan may ask. */
export interface GateFieldsProps {
  /** Where the plan is in the catalog. */
  readonly path: string
  readonly plan: PlanData
  readonly onPlan: (plan: PlanData, field: string) => void
}

/** Props of what tells what a push would do. */
export interface PushChangesProps {
  /** With what edits are compared. */
  readonly pushed: CatalogData
  readonly isFaulty: boolean
}

/** What of the editor is loaded when it is shown: many look at plans and prices alone. */
export interface CatalogParts {
  readonly GateFields: React.ComponentType<GateFieldsProps>
  readonly CatalogRules: React.ComponentType
  readonly CatalogFile: React.ComponentType
  readonly PushChanges: React.ComponentType<PushChangesProps>
}

/** What everything inside a plan editor shares. */
export interface PlanEditorValue {
  readonly data: CatalogData
  /** Of its headings. */
  readonly level: Exclude<HeadingLevel, 6>
  readonly words: PlanEditorMessages & Partial<CatalogMessages>
  /** What is loaded later, once it is there. */
  readonly parts: CatalogParts | null | undefined
  /** Takes an edit. What has the same `field` as the edit before it is undone with it: a word, not each letter. */
  readonly edit: (next: CatalogData, field: string) => void
  /** Where something was added, which is open. */
  readonly added: readonly string[]
  /** Takes something new, and goes on in it. */
  readonly add: (next: CatalogData, path: string) => void
  /** Takes something away, tells so, and goes on where something new can be added. */
  readonly remove: (next: CatalogData, path: string, told: string) => void
}

export const PlanEditorContext: React.Context<PlanEditorValue | undefined> = /* @__PURE__ */ React.createContext<PlanEditorValue | undefined>(undefined)

export function usePlanEditor(): PlanEditorValue {
  return useRequired(PlanEditorContext)
}
