import type { Messages } from '@farebox/react'
import type { AdminMessages, CatalogMessages, PlanEditorMessages } from '@farebox/react/admin'
import { adminArabic, planEditorArabic } from '@farebox/react/admin/locales/ar'
import { adminGerman, planEditorGerman } from '@farebox/react/admin/locales/de'
import { adminSpanish, planEditorSpanish } from '@farebox/react/admin/locales/es'
import { adminFrench, planEditorFrench } from '@farebox/react/admin/locales/fr'
import { adminJapanese, planEditorJapanese } from '@farebox/react/admin/locales/ja'
import { arabic } from '@farebox/react/locales/ar'
import { german } from '@farebox/react/locales/de'
import { spanish } from '@farebox/react/locales/es'
import { french } from '@farebox/react/locales/fr'
import { japanese } from '@farebox/react/locales/ja'

/** A language that the gallery speaks: how it runs, and its words where they are not English. */
export interface Language {
  readonly direction: 'ltr' | 'rtl'
  readonly messages?: Messages
  readonly admin?: AdminMessages
  readonly planEditor?: PlanEditorMessages & CatalogMessages
}

/** By BCP 47 tag. */
export const languages: Readonly<Record<string, Language>> = {
  en: { direction: 'ltr' },
  ar: { direction: 'rtl', messages: arabic, admin: adminArabic, planEditor: planEditorArabic },
  de: { direction: 'ltr', messages: german, admin: adminGerman, planEditor: planEditorGerman },
  es: { direction: 'ltr', messages: spanish, admin: adminSpanish, planEditor: planEditorSpanish },
  fr: { direction: 'ltr', messages: french, admin: adminFrench, planEditor: planEditorFrench },
  ja: { direction: 'ltr', messages: japanese, admin: adminJapanese, planEditor: planEditorJapanese },
}
