import { expectTypeOf, it } from 'vitest'
import type { AdminMessages } from '../admin-messages.ts'
import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { adminGerman, planEditorGerman } from './de.ts'
import type { FaultTexts } from './fault-text.ts'

it('a language that lacks a word does not compile', () => {
  const { cancel: _cancel, ...admin } = adminGerman
  const { copy: _copy, ...editor } = planEditorGerman
  expectTypeOf(adminGerman).toExtend<AdminMessages>()
  expectTypeOf(admin).not.toExtend<AdminMessages>()
  expectTypeOf(planEditorGerman).toExtend<PlanEditorMessages & CatalogMessages>()
  expectTypeOf(editor).not.toExtend<PlanEditorMessages & CatalogMessages>()
  expectTypeOf<Omit<FaultTexts, 'money'>>().not.toExtend<FaultTexts>()
})
