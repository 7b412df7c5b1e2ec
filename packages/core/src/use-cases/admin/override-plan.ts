import type { Override } from '../../domain/grant.ts'
import { type Instant, toIso } from '../../domain/instant.ts'
import { FareboxError, invalidRequest } from '../../errors/error.ts'
import { checkInstant } from '../check-instant.ts'
import type { Context } from '../context.ts'
import { type Accountable, auditWrite, checkAttribution } from '../converging/audit.ts'
import { changeAndDeliver } from '../converging/change-and-deliver.ts'
import { checkId } from '../customers/check-id.ts'
import { type EndRequest, checkEnd, endsBeforeItBegins, keyTaken, reasonOf } from './grant-usage.ts'

/** A plan given for free. A subscription to a higher plan still governs. */
export interface OverrideRequest<PlanKey extends string = string> extends Accountable {
  readonly customer: string
  readonly plan: PlanKey
  /** `null` until it is ended. */
  readonly until: Instant | null
  /** Names the override: the same key overrides once, until it has ended. The plan's name unless said otherwise. */
  readonly key?: string
}

/**
 * Gives a plan without a subscription. A repeat with the same key answers the override that is there.
 *
 * @throws FareboxError `invalid-request` for an unknown plan or an end in the past; `conflict` when the key names another one.
 */
export async function overridePlan(context: Context, request: OverrideRequest): Promise<Override> {
  const customer = checkId(request.customer, 'customer')
  if (!Object.hasOwn(context.catalog.plans, request.plan)) {
    const names = Object.keys(context.catalog.plans).join(', ')
    throw invalidRequest('The plan is not known', 'plan', `Name a plan of the catalog: ${names}`)
  }
  const id = checkId(request.key ?? request.plan, 'key')
  const by = checkAttribution(request)
  const until = request.until === null ? null : checkInstant(request.until, 'until')
  if (until !== null && until <= context.clock.now()) throw endsBeforeItBegins('until')
  return changeAndDeliver(context, customer, (loaded) => {
    const { records, now } = loaded
    const known = records.overrides.find((override) => override.id === id && !hasEnded(override, now))
    if (known !== undefined) {
      if (known.plan === request.plan && known.until === until) return { writes: null, result: known }
      throw keyTaken('override', 'End the other override first, or give another key')
    }
    const override: Override = { id, plan: request.plan, effectiveAt: now, until, createdAt: now, voidedAt: null, ...reasonOf(by) }
    const audit = auditWrite(loaded, by, 'override', { key: id, plan: override.plan, until: toIso(until) })
    return { writes: [{ collection: 'overrides', id, value: override }, audit], result: override }
  })
}

/** Its key is free again. */
function hasEnded({ voidedAt, until }: Override, now: Instant): boolean {
  return voidedAt !== null || (until !== null && until <= now)
}

/** Ends an override now; one that has ended stays as it is. @throws FareboxError `not-found`. */
export async function endOverride(context: Context, request: EndRequest): Promise<Override> {
  const { customer, id, by } = await checkEnd(context, request)
  return changeAndDeliver(context, customer, (loaded) => {
    const { records, now } = loaded
    const known = records.overrides.find((override) => override.id === id)
    if (known === undefined) throw new FareboxError('not-found', 'There is no override under this key')
    if (hasEnded(known, now)) return { writes: null, result: known }
    const ended: Override = { ...known, voidedAt: now }
    const audit = auditWrite(loaded, by, 'end-override', { key: id, plan: known.plan })
    return { writes: [{ collection: 'overrides', id, value: ended }, audit], result: ended }
  })
}
