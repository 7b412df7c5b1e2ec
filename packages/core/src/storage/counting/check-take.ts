import { isAmount } from '../../domain/amount.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { ConsumeOperation, Freshness, ReserveOperation, UsageBucket } from '../../ports/usage-store.ts'

/**
 * Refuses what would corrupt a counter. Callers check what people send them; this is the last line, before any write.
 *
 * @throws FareboxError `invalid-request` with the path of the fault.
 */
export function checkTake(operation: ConsumeOperation | ReserveOperation): void {
  const { amount, key, keyFor, freshness, buckets } = operation
  checkNames(operation)
  requireThat(isAmount(amount), 'amount', 'Give an integer from 1 to 2^53 - 1')
  if (key !== null) {
    requireName(key, 'key')
    requireThat(isAmount(keyFor, 0), 'keyFor', 'Give whole milliseconds from 0')
  }
  checkFreshness(freshness)
  for (const bucket of buckets) checkBucket(bucket, 'buckets')
}

/** Whose counters an operation is about. */
export function checkNames({ customer, feature }: { readonly customer: string; readonly feature: string }): void {
  requireName(customer, 'customer')
  requireName(feature, 'feature')
}

function checkFreshness({ version, validFrom, validUntil }: Freshness): void {
  requireThat(isAmount(version, 0), 'freshness.version', 'Give an integer from 0 to 2^53 - 1')
  requireInstant(validFrom, 'freshness.validFrom')
  if (validUntil !== null) requireInstant(validUntil, 'freshness.validUntil')
}

export function checkBucket({ id, limit, keepUntil }: UsageBucket, path: string): void {
  requireName(id, path)
  requireThat(limit === null || isAmount(limit, 0), path, 'Give a limit from 0 to 2^53 - 1, or null for none')
  if (keepUntil !== null) requireInstant(keepUntil, path)
}

export function requireName(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') fail(path, 'Give a string that is not empty')
}

function requireInstant(value: unknown, path: string): void {
  if (!Number.isSafeInteger(value)) fail(path, 'Give whole milliseconds')
}

export function requireThat(condition: boolean, path: string, message: string): void {
  if (!condition) fail(path, message)
}

export function fail(path: string, message: string): never {
  throw invalidRequest('The usage operation is not valid', path, message)
}
