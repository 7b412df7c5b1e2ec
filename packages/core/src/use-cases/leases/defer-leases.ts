import type { Catalog } from '../../domain/catalog.ts'
import type { LeasePolicy } from '../../domain/feature.ts'
import { isPromise } from '../../ports/is-promise.ts'
import { mayShare } from '../../ports/may-share.ts'
import type { DirectUsage, Execute, UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import type { UsageBatcher } from '../counting/usage-batcher.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'
import type { LeaseParts, Leases } from './leases.ts'

/** What stands in for the batcher and the usage store where features have leases. */
export interface DeferredLeases {
  readonly batcher: UsageBatcher
  readonly usage: UsageStore
  sweep(): Promise<number>
}

/**
 * The leases of a catalog, made when they are first needed; `null` where no feature has any, or no request may wait for
 * another's. `usage` is a plain object, as `withTimeout` makes it.
 */
export function deferLeases(
  catalog: Catalog,
  usage: UsageStore,
  parts: Omit<LeaseParts, 'policies'>,
  make: (parts: LeaseParts) => Promise<Leases>,
): DeferredLeases | null {
  const policies = new Map<string, LeasePolicy>()
  for (const [name, feature] of Object.entries(catalog.features)) {
    if (feature.kind === 'metered' && feature.lease !== null) policies.set(name, feature.lease)
  }
  if (policies.size === 0 || !mayShare) return null
  let leases: Leases | undefined
  let making: Promise<Leases> | undefined
  const execute: { (operations: readonly UsageOperation[]): ReturnType<Execute>; direct?: DirectUsage } = (operations) => usage.execute(operations)

  function ready(): Leases | Promise<Leases> {
    if (leases !== undefined) return leases
    making ??= make({ ...parts, policies }).then(
      (made) => {
        execute.direct = made.direct
        return (leases = made)
      },
      (error: unknown) => {
        making = undefined
        throw error
      },
    )
    return making
  }

  /** Whether blocks have a say: once they are there, every operation is asked of them, for one may end what another holds. */
  function isLeased({ feature }: UsageOperation): boolean {
    return leases !== undefined || policies.has(feature)
  }

  function submit(operation: UsageOperation): MaybePromise<UsageOutcome> {
    return chain(ready(), (made) => made.submit(operation))
  }

  return {
    batcher: {
      submit: (operation) => (isLeased(operation) ? submit(operation) : parts.batcher.submit(operation)),
      ask(asker) {
        if (!isLeased(asker.operation)) return parts.batcher.ask(asker)
        const answer = submit(asker.operation)
        if (!isPromise(answer)) return answer
        answer.then((outcome) => asker.resolve(outcome), (error: unknown) => asker.reject(error))
        return undefined
      },
      close: async () => (making === undefined ? parts.batcher : await ready()).close(),
    },
    usage: {
      ...usage,
      execute,
      async read(queries) {
        const readings = await usage.read(queries)
        return leases === undefined ? readings : leases.tell(queries, readings)
      },
      raiseVersion(customer, version) {
        leases?.outdate(customer, version)
        return usage.raiseVersion(customer, version)
      },
    },
    sweep: async () => leases?.sweep() ?? 0,
  }
}
