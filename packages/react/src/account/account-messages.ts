/** Texts that everything about the account shows. */
export interface AccountMessages {
  /** In place of what only those may see who manage the billing. */
  readonly forManagers: string
  /** In place of what an app without payments has not. */
  readonly notConnected: string
}

/** The default words. */
export const accountEnglish: AccountMessages = {
  forManagers: 'Only people who manage billing can see this.',
  notConnected: 'Billing is not set up.',
}
