import type { PlanStatus, ProblemName } from '@farebox/core/protocol'

/** What a customer can get wrong, by the path of the fault. */
export type FaultWord = 'currency' | 'interval' | 'plan' | 'promotionCode' | 'quantity'

/** Texts that components of every kind show. */
export interface CommonMessages {
  readonly loading: string
  readonly failed: string
  /** Why it failed, where there is no network. */
  readonly offline: string
  readonly retry: string
  /**
   * What went wrong, by the name of the server's problem or by the path of its fault. What has no words here is said as the server
   * says it, in English.
   */
  readonly problems: { readonly [Word in ProblemName | FaultWord]?: string }
  /** Beside what could not be renewed. */
  readonly stale: string
  /** Between a text and what is said beside it: `Pro, past due`. */
  readonly comma: string
  readonly empty: string
  /** What stands beside the plan's name, for a subscription that is not simply active. */
  readonly status: (status: PlanStatus) => string
  /** `3 calls`: an amount that is written already, and the unit of the catalog. */
  readonly amount: (written: string, amount: number, unit: string) => string
}

/** The default words. */
export const commonEnglish: CommonMessages = {
  loading: 'Loading…',
  failed: 'Could not load.',
  offline: 'You are offline.',
  retry: 'Try again',
  problems: { unauthenticated: 'Sign in first.' },
  stale: 'outdated',
  comma: ', ',
  empty: 'Nothing here yet.',
  status: (status) => status.replace('_', ' '),
  amount: (written, amount, unit) => `${written} ${unit}${amount === 1 || !unit ? '' : 's'}`,
}
