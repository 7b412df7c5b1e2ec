import type { Decision } from '../domain/decision.ts'
import { hour } from '../domain/instant.ts'
import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { ConsumeOperation, UsageOutcome } from '../ports/usage-store.ts'
import { attempt } from '../use-cases/attempt.ts'
import type { Context } from '../use-cases/context.ts'
import { meteredFeature } from '../use-cases/counting/take-usage.ts'
import { nothing, undecided } from '../use-cases/decisions/explain-refusal.ts'
import { gateStatesOf } from '../use-cases/decisions/write-decision.ts'
import { type MaybePromise, chain } from '../use-cases/maybe-promise.ts'
import { misfit } from '../use-cases/misfit.ts'
import { forwardedAddress, parseAddress } from './address.ts'
import type { AnonymousSettings } from './anonymous.ts'
import { tokenMissing } from './caller.ts'
import type { ReadHeader } from './read-header.ts'

/** Whether an error says that a request carries no token at all; one that is there and bad is another matter. */
export function isTokenMissing(error: unknown): boolean {
  return isFareboxError(error) && error.reason === 'token-missing'
}

/**
 * Asks the gates of an address. No customer is made: the address has gates in the usage store and nothing else, which are
 * forgotten two hours after all of them are open again: whoever has many addresses must not fill the store with them.
 *
 * @throws FareboxError `unauthenticated` where no address can be told, `invalid-configuration` where the feature has no
 * anonymous gates.
 */
export function gateAddress(
  context: Context,
  settings: AnonymousSettings | null,
  header: ReadHeader,
  feature: string,
  peer: (() => string | undefined) | undefined,
): MaybePromise<Decision> {
  const definition = meteredFeature(context, feature)
  const gates = settings?.gates.get(feature)
  if (settings === null || gates === undefined) {
    throw new FareboxError('invalid-configuration', 'The feature has no gates for callers without a token', {
      faults: [{ path: `anonymous.gates.${feature}`, message: "Give them to createFarebox: { gates: { apiCalls: ['20/minute'] }, trustedHops: 1 }" }],
    })
  }
  const address = addressOf(settings, header, peer)
  if (address === undefined) {
    context.logger.warn('A caller without a token showed no address', { feature, trustedHops: settings.trustedHops })
    throw tokenMissing()
  }
  const longest = Math.max(...gates.map(({ period }) => period))
  // An hour more than it needs, for a host's clock that is behind the store's.
  const keepUntil = Math.ceil((context.clock.now() + longest) / hour) * hour + hour
  const operation: ConsumeOperation = {
    verb: 'consume',
    customer: `address:${address}`,
    // No feature of a catalog has such a name, so a customer of the same name shares nothing with the address.
    feature: `anonymous:${feature}`,
    amount: 1,
    key: null,
    keyFor: 0,
    freshness: { version: 0, validFrom: 0, validUntil: null, loaded: true },
    gates,
    buckets: [{ id: 'address', kind: 'allowance', limit: null, keepUntil }],
  }
  return attempt(
    () => chain(context.batcher.submit(operation), (outcome) => decisionOf(context, feature, operation, outcome)),
    (error) => undecided(context, feature, definition.onError, error),
  )
}

function addressOf({ trustedHops, field, address }: AnonymousSettings, header: ReadHeader, peer: (() => string | undefined) | undefined): string | undefined {
  if (address !== null) return parseAddress(address(header) ?? '')
  return trustedHops === 0 ? parseAddress(peer?.() ?? '') : forwardedAddress(header(field), field, trustedHops)
}

function decisionOf({ catalog }: Context, feature: string, { gates }: ConsumeOperation, outcome: UsageOutcome): Decision {
  if (outcome.kind !== 'taken' && outcome.kind !== 'refused') {
    throw misfit(outcome)
  }
  const isAllowed = outcome.kind === 'taken'
  return {
    ...nothing(feature, catalog.defaultPlan.key, []),
    allowed: isAllowed,
    reason: isAllowed ? 'allowed' : 'rate-limited',
    limit: null,
    remaining: null,
    retryAt: isAllowed ? null : outcome.retryAt,
    gates: gateStatesOf(gates, outcome.gates),
  }
}
