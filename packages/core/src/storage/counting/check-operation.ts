import { isAmount } from '../../domain/amount.ts'
import type { Gate } from '../../domain/gate.ts'
import type { ConsumeOperation, ReserveOperation, UsageOperation } from '../../ports/usage-store.ts'
import { checkBucket, checkNames, checkTake, fail, requireName, requireThat } from './check-take.ts'

/** As {@link checkTake}, for any operation. @throws FareboxError `invalid-request` with the path of the fault. */
export function checkOperation(operation: UsageOperation): void {
  switch (operation.verb) {
    case 'consume':
      checkWholeTake(operation)
      return
    case 'reserve':
      checkWholeTake(operation)
      checkReserve(operation)
      return
    case 'settle':
      checkNames(operation)
      requireName(operation.reservation, 'reservation')
      requireThat(isAmount(operation.amount, 0), 'amount', 'Give an integer from 0 to 2^53 - 1')
      return
    case 'release':
      checkNames(operation)
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
  requireThat(isAmount(version, 0), 'version', 'Give an integer from 0 to 2^53 - 1')
}

/** What a take of one bucket without gates does not say. */
function checkWholeTake(operation: ConsumeOperation | ReserveOperation): void {
  checkTake(operation)
  const { gates, requests, buckets } = operation
  for (const gate of gates) checkGate(gate)
  if (requests !== undefined) {
    const isAdmissible = isAmount(requests) && gates.every(({ burst }) => requests <= burst)
    requireThat(isAdmissible, 'requests', 'Give an integer from 1 to the smallest burst of the gates')
  }
  if (buckets.length > 1) {
    const ids = new Set(buckets.map((bucket) => bucket.id))
    requireThat(ids.size === buckets.length, 'buckets', 'Name each bucket once')
  }
}

function checkGate({ id, limit, period, burst }: Gate): void {
  requireName(id, 'gates')
  const isCounted = isAmount(limit) && isAmount(period) && isAmount(burst) && burst <= limit
  requireThat(isCounted, 'gates', 'Give a limit, a period in milliseconds and a burst that is not above the limit')
}

function checkReserve(operation: ReserveOperation): void {
  requireName(operation.reservation, 'reservation')
  requireThat(isAmount(operation.expiresIn, 0), 'expiresIn', 'Give whole milliseconds from 0')
  const { onExpiry } = operation
  requireThat(onExpiry === 'release' || onExpiry === 'settle', 'onExpiry', 'Give release or settle')
  const isBounded = isAmount(operation.overdraft, 0) && isAmount(operation.amount + operation.overdraft)
  requireThat(isBounded, 'overdraft', 'Give an integer from 0 that keeps amount and overdraft below 2^53')
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
        requireThat(isAmount(draw.amount) && isAmount(sum), 'target.drawn', 'Give amounts from 1 to 2^53 - 1')
      }
      return
    }
    default:
      target satisfies never
      fail('target', 'Give a key, a reservation or what was drawn')
  }
}
