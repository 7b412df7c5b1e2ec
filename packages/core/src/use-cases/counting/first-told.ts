import type { UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'

/**
 * Outcomes of a second try, as the callers' first answers. A key that was first counted since the first try began was
 * counted by it, `elapsed` being measured here and the rest on the store's clock; of two callers with one key, the first.
 */
export function firstTold(batch: readonly { readonly operation: UsageOperation }[], outcomes: readonly UsageOutcome[], elapsed: number): readonly UsageOutcome[] {
  const keys = new Set<string>()
  return outcomes.map((outcome, index) => {
    const operation = batch[index]?.operation
    if (outcome.kind === 'ended') return { ...outcome, repeated: false }
    if (outcome.kind !== 'taken' || outcome.keyUntil === null || operation === undefined || !('keyFor' in operation)) return outcome
    const name = JSON.stringify([operation.customer, operation.key])
    const isOurs = outcome.now - (outcome.keyUntil - operation.keyFor) <= elapsed + 1
    if (!isOurs || keys.has(name)) return outcome
    keys.add(name)
    return { ...outcome, repeated: false }
  })
}
