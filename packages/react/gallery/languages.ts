import type { Messages } from '@farebox/react'

/** A language that the gallery speaks: how it runs, and its words where they are not English. */
export interface Language {
  readonly direction: 'ltr' | 'rtl'
  readonly messages?: Messages
}

/** By BCP 47 tag. */
export const languages: Readonly<Record<string, Language>> = {
  en: { direction: 'ltr' },
  ar: { direction: 'rtl' },
}
