/** Texts of what is loaded when it is shown. */
export interface OnDemandMessages {
  /** Where only a new page can load what is missing. */
  readonly reload: string
}

/** The default words. */
export const onDemandEnglish: OnDemandMessages = { reload: 'Reload page' }
