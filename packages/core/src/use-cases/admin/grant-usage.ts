import { checkAmount, checkOptionalAmount } from '../../domain/amount.ts'
import { type Grant, defaultPriority } from '../../domain/grant.ts'
import { type Instant, toIso } from '../../domain/instant.ts'
import { FareboxError, invalidRequest } from '../../errors/error.ts'
import { checkInstant } from '../check-instant.ts'
import type { Context } from '../context.ts'
import { type Accountable, type Attribution, auditWrite, checkAttribution } from '../converging/audit.ts'
import { changeAndDeliver } from '../converging/change-and-deliver.ts'
import { meteredFeature } from '../counting/take-usage.ts'
import { checkId } from '../customers/check-id.ts'
import { requireKnown } from '../customers/find-customer.ts'
import { loadCustomer } from '../customers/load-customer.ts'

/** An extra amount of a metered feature. */
export interface GrantRequest<Feature extends string = string> extends Accountable {
  readonly customer: string
  readonly feature: Feature
  readonly amount: number
  /** Names the business fact behind it (`welcome`, an invoice's line): the same key grants once. */
  readonly key: string
  /** Lower is drawn first; 50 unless said otherwise, as every allowance. */
  readonly priority?: number
  readonly effectiveAt?: Instant
  readonly expiresAt?: Instant
}

/** Which grant or override is to end. */
export interface EndRequest extends Accountable {
  readonly customer: string
  readonly key: string
}

/**
 * Adds a grant, once per key: a repeat answers the grant that is there, also when it has expired.
 *
 * @throws FareboxError `invalid-request` for values that do not fit; `conflict` when the key names another grant.
 */
export async function grantUsage(context: Context, request: GrantRequest): Promise<Grant> {
  const customer = checkId(request.customer, 'customer')
  const id = checkId(request.key, 'key')
  const by = checkAttribution(request)
  meteredFeature(context, request.feature)
  const amount = checkAmount(request.amount, 'amount')
  const priority = checkOptionalAmount(request.priority, defaultPriority, 'priority', 0)
  const effectiveAt = request.effectiveAt === undefined ? undefined : checkInstant(request.effectiveAt, 'effectiveAt')
  const expiresAt = request.expiresAt === undefined ? null : checkInstant(request.expiresAt, 'expiresAt')
  const isOver = expiresAt !== null && expiresAt <= Math.max(effectiveAt ?? 0, context.clock.now())
  if (isOver && !(await loadCustomer(context, customer)).records.grants.some((grant) => grant.id === id)) throw endsBeforeItBegins('expiresAt')
  return changeAndDeliver(context, customer, (loaded) => {
    const { records, now } = loaded
    const known = records.grants.find((grant) => grant.id === id)
    if (known !== undefined) {
      if (known.feature === request.feature && known.amount === amount) return { writes: null, result: known }
      throw keyTaken('grant', 'Name each grant by the fact behind it; a grant is voided, never edited')
    }
    const created = { createdAt: now, effectiveAt: effectiveAt ?? now, expiresAt, voidedAt: null }
    const grant: Grant = { id, feature: request.feature, amount, priority, ...created, ...reasonOf(by) }
    const detail = { key: id, feature: grant.feature, amount, expiresAt: toIso(expiresAt) }
    return {
      writes: [{ collection: 'grants', id, expect: 0, value: grant }, auditWrite(loaded, by, 'grant', detail)],
      facts: [{ name: 'grant.added', data: { grant } }],
      result: grant,
    }
  })
}

/**
 * Ends a grant now: nothing more is drawn from it, and its key grants nothing again. A repeat changes nothing.
 *
 * @throws FareboxError `not-found`.
 */
export async function voidGrant(context: Context, request: EndRequest): Promise<Grant> {
  const { customer, id, by } = await checkEnd(context, request)
  return changeAndDeliver(context, customer, (loaded) => {
    const { records, now } = loaded
    const known = records.grants.find((grant) => grant.id === id)
    if (known === undefined) throw new FareboxError('not-found', 'There is no grant under this key')
    if (known.voidedAt !== null) return { writes: null, result: known }
    const voided: Grant = { ...known, voidedAt: now }
    const audit = auditWrite(loaded, by, 'void-grant', { key: id, feature: known.feature, amount: known.amount })
    return { writes: [{ collection: 'grants', id, value: voided }, audit], result: voided }
  })
}

/** What is to end, and who is behind it. @throws FareboxError `invalid-request`, `not-found` for a stranger. */
export async function checkEnd(
  context: Context,
  request: EndRequest,
): Promise<{ readonly customer: string; readonly id: string; readonly by: Attribution }> {
  const checked = { customer: checkId(request.customer, 'customer'), id: checkId(request.key, 'key'), by: checkAttribution(request) }
  await requireKnown(context, checked.customer)
  return checked
}

/** What a row says of why it is there: nothing where nothing was said. */
export function reasonOf({ reason }: Attribution): Pick<Grant, 'reason'> {
  return reason === null ? {} : { reason }
}

/** A key names one thing: what else is asked for under it is refused. */
export function keyTaken(what: 'grant' | 'override', message: string): FareboxError {
  return new FareboxError('conflict', `The key names another ${what}`, { reason: 'key-taken', faults: [{ path: 'key', message }] })
}

export function endsBeforeItBegins(path: string): FareboxError {
  return invalidRequest('The end is not after the beginning', path, 'Give an instant after the beginning and after now')
}
