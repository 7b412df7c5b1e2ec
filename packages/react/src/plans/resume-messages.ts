/** Texts about what was scheduled and is no more. */
export interface ResumeMessages {
  /** What people who listen are told. */
  readonly resumed: string
}

/** The default words. */
export const resumeEnglish: ResumeMessages = { resumed: 'Your subscription continues.' }
