import type { Messages } from '@farebox/react'
import { arabic } from '@farebox/react/locales/ar'
import { german } from '@farebox/react/locales/de'
import { spanish } from '@farebox/react/locales/es'
import { french } from '@farebox/react/locales/fr'
import { japanese } from '@farebox/react/locales/ja'

/** A language that the gallery speaks: how it runs, and its words where they are not English. */
export interface Language {
  readonly direction: 'ltr' | 'rtl'
  readonly messages?: Messages
}

/** By BCP 47 tag. */
export const languages: Readonly<Record<string, Language>> = {
  en: { direction: 'ltr' },
  ar: { direction: 'rtl', messages: arabic },
  de: { direction: 'ltr', messages: german },
  es: { direction: 'ltr', messages: spanish },
  fr: { direction: 'ltr', messages: french },
  ja: { direction: 'ltr', messages: japanese },
}
