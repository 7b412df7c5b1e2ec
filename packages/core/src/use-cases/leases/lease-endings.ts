import type { Instant, Milliseconds } from '../../domain/instant.ts'
import { second } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { ReserveOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { UsageBatcher } from '../counting/usage-batcher.ts'

/**
 * Ends reservations of blocks: settles them to what was spent. One whose settlement could not be told to the store, or of
 * which nobody knows whether it was made, is kept in mind and ended later; whatever is forgotten is counted in full. What was spent
 * of one that the store itself has forgotten is counted nowhere, and the log says how much that is: nobody tells a failover of the
 * store from an erasure, after which nothing of the customer may come back.
 */
export interface LeaseEndings {
  /** Tells the store that `amount` was spent of what was reserved. */
  end(operation: ReserveOperation, amount: number, expiresAt: Instant): void
  /** Asks for a reservation; if the answer is lost, ends what may have come of it. */
  ask(operation: ReserveOperation): Promise<UsageOutcome>
  /** Tries again what is owed, every few seconds. */
  retry(now: Instant): void
  /** Whether anything is left to try again. */
  isOwing(): boolean
  /** Answers when nothing is under way. */
  finish(): Promise<void>
}

interface Owed {
  readonly operation: ReserveOperation
  readonly amount: number
  /** From here on the store has ended it by itself. */
  readonly expiresAt: Instant
  /** Whether it was made at all is not known; it may yet be. */
  readonly isDoubtful: boolean
}

const retryEvery: Milliseconds = 5 * second
const mostOwed = 10_000

export function createLeaseEndings(batcher: UsageBatcher, clock: Clock, logger: Logger): LeaseEndings {
  const owed = new Map<string, Owed>()
  const underWay = new Set<Promise<void>>()
  let retryAt: Instant = 0

  async function settle(item: Owed): Promise<void> {
    const { operation: { customer, feature, reservation }, amount } = item
    try {
      const outcome = await batcher.submit({ verb: 'settle', customer, feature, reservation, amount })
      const isNowhere = outcome.kind === 'unknown' && outcome.as === null
      if (isNowhere && amount > 0) {
        logger.warn('Usage of a block is not counted: the store forgot the block', { customer, feature, amount })
      }
      const mayCome = item.isDoubtful && isNowhere && clock.now() < item.expiresAt
      if (!mayCome) owed.delete(reservation)
    } catch {
      if (owed.size < mostOwed) owed.set(reservation, item)
    }
  }

  function start(item: Owed): void {
    const ending = settle(item).finally(() => underWay.delete(ending))
    underWay.add(ending)
  }

  return {
    end: (operation, amount, expiresAt) => start({ operation, amount, expiresAt, isDoubtful: false }),
    async ask(operation) {
      try {
        return await batcher.submit(operation)
      } catch (error) {
        const { reservation, expiresIn } = operation
        if (owed.size < mostOwed) owed.set(reservation, { operation, amount: 0, expiresAt: clock.now() + expiresIn, isDoubtful: true })
        throw error
      }
    },
    retry(now) {
      if (owed.size === 0 || (now < retryAt && now >= retryAt - retryEvery)) return
      retryAt = now + retryEvery
      for (const [reservation, item] of owed) {
        if (item.expiresAt <= now) owed.delete(reservation)
        else start(item)
      }
    },
    isOwing: () => owed.size > 0,
    async finish() {
      await Promise.all(underWay)
      for (const item of owed.values()) start(item)
      await Promise.all(underWay)
    },
  }
}
