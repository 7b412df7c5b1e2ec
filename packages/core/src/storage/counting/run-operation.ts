import type { Instant } from '../../domain/instant.ts'
import type { UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import { release } from './release.ts'
import { settle } from './settle.ts'
import { take } from './take.ts'
import type { UsageState } from './usage-state.ts'

/** Runs one operation to its end: the reference for what every store answers. */
export function runOperation(state: UsageState, operation: UsageOperation, now: Instant): UsageOutcome {
  switch (operation.verb) {
    case 'consume':
    case 'reserve':
      return take(state, operation, now)
    case 'settle':
      return settle(state, operation, now)
    case 'release':
      return release(state, operation, now)
    default:
      return operation satisfies never
  }
}
