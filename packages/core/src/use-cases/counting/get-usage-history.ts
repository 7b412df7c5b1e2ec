import { type Instant, day, toIso } from '../../domain/instant.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { UsageHistoryView } from '../../protocol/usage-history.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { meteredFeature } from './take-usage.ts'

/** Which usage periods; ISO 8601, the last 400 days unless said otherwise. */
export interface UsageHistoryRequest {
  readonly customer: string
  readonly feature: string
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/**
 * What was used in each usage period that starts in `[from, to)`. Periods are kept for 400 days after their end.
 *
 * @throws FareboxError `invalid-request` at `feature`, `from` or `to`; `unavailable`.
 */
export async function getUsageHistory(context: Context, request: UsageHistoryRequest): Promise<UsageHistoryView> {
  const definition = meteredFeature(context, request.feature)
  const now = context.clock.now()
  const from = request.from === undefined ? now - 400 * day : Date.parse(request.from)
  // The store's clock begins periods, and may be ahead of this host's.
  const to = request.to === undefined ? now + day : Date.parse(request.to)
  // What is no instant is neither before nor after another one.
  if (!(from < to)) throw invalidRequest('The span is not valid', Number.isNaN(to) ? 'to' : 'from', 'Give ISO 8601 instants, `from` before `to`')
  const customer = checkId(request.customer, 'customer')
  const entries = await context.usage.history({ customer, feature: request.feature, from, to })
  const periods = new Map<Instant, { used: number; overage: number }>()
  for (const { bucket, used } of entries) {
    const [kind = '', start = ''] = bucket.split(':')
    const period = periods.get(Number(start)) ?? { used: 0, overage: 0 }
    if (kind === 'allowance') period.used += used
    else period.overage += used
    periods.set(Number(start), period)
  }
  return {
    feature: request.feature,
    unit: definition.unit,
    periods: [...periods].map(([start, sums]) => ({ periodStart: toIso(start), ...sums })),
  }
}
