import type { Catalog } from '../domain/catalog.ts'
import type { Milliseconds } from '../domain/instant.ts'
import type { ClaimsWriter, PlanTokenSigner } from '../ports/auth.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Payments } from '../ports/payments.ts'
import type { Random } from '../ports/random.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { RaisingCommit } from '../ports/store.ts'
import type { UsageStore } from '../ports/usage-store.ts'
import type { UsageBatcher } from './counting/usage-batcher.ts'
import type { CustomerCache } from './customers/customer-cache.ts'
import type { Questions } from './decisions/question.ts'
import type { QuestionNotes } from './decisions/question-notes.ts'
import type { FareboxEvents } from './delivering/events.ts'
import type { DeferredLeases } from './leases/defer-leases.ts'
import type { UnderWay } from './under-way.ts'

/** What every use-case is given. Made once by `createFarebox`; holds no state of a request. */
export interface Context {
  readonly catalog: Catalog
  readonly usage: UsageStore
  /** Where a short way (`execute.direct`) is looked for: the store as it was given where that has one, elsewhere `usage`. */
  readonly givenUsage: UsageStore
  readonly batcher: UsageBatcher
  /** What `close()` waits for. */
  readonly underWay: UnderWay
  /** `null` where no feature has any. */
  readonly leases: Pick<DeferredLeases, 'sweep'> | null
  readonly records: RecordStore
  /** Commits to `records` and raises the marker in `usage` in one step, as long as they are the two that it stands for. */
  readonly raising?: RaisingCommit
  readonly cache: CustomerCache
  readonly questions: Questions
  readonly notes: QuestionNotes
  readonly payments: Payments | null
  readonly claims: ClaimsWriter | null
  readonly signer: PlanTokenSigner | null
  readonly events: FareboxEvents
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** How long an idempotency key is remembered. */
  readonly keyFor: Milliseconds
}
