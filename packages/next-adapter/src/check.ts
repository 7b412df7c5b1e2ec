import type {
  AnonymousPass, Catalog, Farebox, FeatureKeyOf, MeteredKeyOf, MeteredPass, Pass, PlanKeyOf, ReadHeader, Stop,
} from '@farebox/core'

/** What a request needs beside a valid token. */
export interface AuthOptions {
  /** A role in the active organization. */
  readonly role?: string
}

/** What is counted, and when it is given back. */
export interface MeterOptions {
  /** In the feature's smallest unit; 1 unless said otherwise. */
  readonly amount?: number
  /** `header` takes the client's `Idempotency-Key`: a repeat does not run the resource again but is refused with 409. */
  readonly idempotency?: 'header'
  /** Counts a resource that throws or answers 5xx too. Otherwise its usage is given back. */
  readonly countFailures?: boolean
}

/** Decides about one request from its header fields. */
export type Check<Passed extends Pass | AnonymousPass> = (header: ReadHeader) => Promise<Passed | Stop>

type Guarding<C extends Catalog> = Pick<Farebox<C>, 'catalog' | 'guard'>

export function checkAuth<C extends Catalog>({ guard }: Guarding<C>, options: AuthOptions): Check<Pass> {
  // A role that is named by a variable which is not set is one that nobody has.
  return async (header) => ('role' in options ? guard.requireRole(header, options.role ?? '') : guard.authenticate(header))
}

export function checkPlan<C extends Catalog>(
  { guard }: Guarding<C>,
  plans: PlanKeyOf<C> | readonly PlanKeyOf<C>[],
): Check<Pass> {
  const accepted = typeof plans === 'string' ? [plans] : plans
  return async (header) => guard.requirePlan(header, accepted)
}

export function checkFeature<C extends Catalog>({ guard }: Guarding<C>, feature: FeatureKeyOf<C>): Check<Pass> {
  return async (header) => guard.requireFeature(header, feature)
}

/** Whether so much of it is left. Counts nothing. */
export function checkQuota<C extends Catalog>({ guard }: Guarding<C>, feature: MeteredKeyOf<C>, amount: number): Check<Pass> {
  return async (header) => guard.requireFeature(header, feature, undefined, amount)
}

export function checkMeter<C extends Catalog>(
  { guard }: Guarding<C>,
  feature: MeteredKeyOf<C>,
  { amount = 1, idempotency }: MeterOptions,
): Check<MeteredPass> {
  const request = { feature, amount, idempotency: idempotency ?? 'none' } as const
  return async (header) => guard.meter(header, request)
}

export function checkMeterAnyone<C extends Catalog>(
  { guard }: Guarding<C>,
  feature: MeteredKeyOf<C>,
  { amount = 1, idempotency }: MeterOptions,
): Check<MeteredPass | AnonymousPass> {
  const request = { feature, amount, idempotency: idempotency ?? 'none' } as const
  return async (header) => guard.meterAnyone(header, request)
}
