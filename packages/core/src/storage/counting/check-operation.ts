import { isAmount } from '../../domain/amount.ts'
import type { Gate } from '../../domain/gate.ts'
import { FareboxError } from '../../errors/error.ts'
import type { ConsumeOperation, Freshness, ReserveOperation, UsageBucket, UsageOperation } from '../../ports/usage-store.ts'

/**
 * Refuses what would corrupt a counter. Callers check what people send them; this is the last line, before any write.
 *
 * @throws FareboxError `invalid-request` with the path of the fault.
 */
export function checkOperation(operation: UsageOperation): void {
  requireName(operation.customer, 'customer')
  requireName(operation.feature, 'feature')
  switch (operation.verb) {
    case 'consume':
      checkTake(operation)
      return
    case 'reserve':
      checkTake(operation)
      checkReserve(operation)
      return
    case 'settle':
      requireName(operation.reservation, 'reservation')
      require(isAmount(operation.amount, 0), 'amount', 'Give an integer from 0 to 2^53 - 1')
      return
    case 'release':
      checkTarget(operation.target)
      return
    default:
      operation satisfies never
      fail('verb', 'Give consume, reserve, settle or release')
  }
}

/** As {@link checkOperation}, for a marker. */
export function checkMarker(customer: string, version: number): void {
  requireName(customer, 'customer')
  require(isAmount(version, 0), 'version', 'Give an integer from 0 to 2^53 - 1')
}

function checkTake({ amount, key, keyFor, freshness, gates, requests, buckets }: ConsumeOperation | ReserveOperation): void {
  require(isAmount(amount), 'amount', 'Give an integer from 1 to 2^53 - 1')
  if (key !== null) {
    requireName(key, 'key')
    require(isAmount(keyFor, 0), 'keyFor', 'Give whole milliseconds from 0')
  }
  checkFreshness(freshness)
  for (const gate of gates) checkGate(gate)
  if (requests !== undefined) {
    const isAdmissible = isAmount(requests) && gates.every(({ burst }) => requests <= burst)
    require(isAdmissible, 'requests', "Give an integer from 1 to the smallest burst of the gates")
  }
  for (const bucket of buckets) checkBucket(bucket, 'buckets')
  if (buckets.length > 1) {
    const ids = new Set(buckets.map((bucket) => bucket.id))
    require(ids.size === buckets.length, 'buckets', 'Name each bucket once')
  }
}

function checkReserve(operation: ReserveOperation): void {
  requireName(operation.reservation, 'reservation')
  require(isAmount(operation.expiresIn, 0), 'expiresIn', 'Give whole milliseconds from 0')
  const { onExpiry } = operation
  require(onExpiry === 'release' || onExpiry === 'settle', 'onExpiry', 'Give release or settle')
  const isBounded = isAmount(operation.overdraft, 0) && isAmount(operation.amount + operation.overdraft)
  require(isBounded, 'overdraft', 'Give an integer from 0 that keeps amount and overdraft below 2^53')
  checkBucket(operation.overdraftBucket, 'overdraftBucket')
}

function checkTarget(target: Extract<UsageOperation, { verb: 'release' }>['target']): void {
  switch (target.by) {
    case 'key':
      requireName(target.key, 'target.key')
      return
    case 'reservation':
      requireName(target.reservation, 'target.reservation')
      return
    case 'drawn': {
      let sum = 0
      for (const draw of target.drawn) {
        requireName(draw.bucket, 'target.drawn')
        sum += draw.amount
        require(isAmount(draw.amount) && isAmount(sum), 'target.drawn', 'Give amounts from 1 to 2^53 - 1')
      }
      return
    }
    default:
      target satisfies never
      fail('target', 'Give a key, a reservation or what was drawn')
  }
}

function checkFreshness({ version, validFrom, validUntil }: Freshness): void {
  require(isAmount(version, 0), 'freshness.version', 'Give an integer from 0 to 2^53 - 1')
  requireInstant(validFrom, 'freshness.validFrom')
  if (validUntil !== null) requireInstant(validUntil, 'freshness.validUntil')
}

function checkGate({ id, limit, period, burst }: Gate): void {
  requireName(id, 'gates')
  const isCounted = isAmount(limit) && isAmount(period) && isAmount(burst) && burst <= limit
  require(isCounted, 'gates', 'Give a limit, a period in milliseconds and a burst that is not above the limit')
}

function checkBucket({ id, limit, keepUntil }: UsageBucket, path: string): void {
  requireName(id, path)
  require(limit === null || isAmount(limit, 0), path, 'Give a limit from 0 to 2^53 - 1, or null for none')
  if (keepUntil !== null) requireInstant(keepUntil, path)
}

function requireName(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') fail(path, 'Give a string that is not empty')
}

function requireInstant(value: unknown, path: string): void {
  if (!Number.isSafeInteger(value)) fail(path, 'Give whole milliseconds')
}

function require(condition: boolean, path: string, message: string): void {
  if (!condition) fail(path, message)
}

function fail(path: string, message: string): never {
  throw new FareboxError('invalid-request', 'The usage operation is not valid', { faults: [{ path, message }] })
}
