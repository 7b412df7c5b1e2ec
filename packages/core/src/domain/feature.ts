import { type Milliseconds, second } from './instant.ts'

/** What happens when the decision cannot be made. Fails closed unless the feature says otherwise. */
export type OnError = 'deny' | 'allow'

/** Where usage periods count from: the customer's creation, the UTC calendar, or the subscription's billing cycle. */
export type UsageAnchor = 'customer' | 'calendar' | 'subscription'

/** On or off. */
export interface ToggleFeature {
  readonly kind: 'toggle'
  readonly onError: OnError
}

/** A value, such as a list of models. `Value` exists in types only. */
export interface SettingFeature<Value = unknown> {
  readonly kind: 'setting'
  readonly onError: OnError
  readonly value?: Value
}

/** How an instance takes usage ahead of the requests that spend it. */
export interface LeasePolicy {
  /** The most that is taken at once. */
  readonly most: number
  /** How long a block is kept; what is not spent by then is given back. */
  readonly idle: Milliseconds
}

/** Counted per usage period, in whole `unit`s. */
export interface MeteredFeature {
  readonly kind: 'metered'
  readonly onError: OnError
  readonly unit: string
  readonly anchor: UsageAnchor
  readonly acceptLossy: boolean
  /** `null` where every request asks the store. */
  readonly lease: LeasePolicy | null
}

/** Held until given back. */
export interface SeatsFeature {
  readonly kind: 'seats'
  readonly onError: OnError
  readonly acceptLossy: boolean
}

/** A feature of any kind. */
export type Feature = ToggleFeature | SettingFeature | MeteredFeature | SeatsFeature

/** A feature that is on or off. */
export function toggle(options: { readonly onError?: OnError } = {}): ToggleFeature {
  return { kind: 'toggle', onError: { ...options }.onError ?? 'deny' }
}

/** A feature with a value: `setting<('small' | 'large')[]>()`. */
export function setting<Value>(options: { readonly onError?: OnError } = {}): SettingFeature<Value> {
  return { kind: 'setting', onError: { ...options }.onError ?? 'deny' }
}

/** Options of {@link metered}. */
export interface MeteredOptions {
  /** What one is called, in the singular: `call`, `token`. */
  readonly unit: string
  readonly onError?: OnError
  readonly anchor?: UsageAnchor
  /** Count on a store that may lose counts although money depends on them. */
  readonly acceptLossy?: boolean
  /**
   * Lets each instance take usage of a busy customer ahead, in blocks, and spend it without asking the store: `true`, or
   * how large a block may be (1,000 unless said otherwise) and how long it is kept (a second, at most a minute). The limit
   * is never passed, and refusals come from the store. What that costs: an instance that dies, or ends without `close()`,
   * takes what it had not spent with it, at most one block per customer and feature, until the period ends; what another
   * instance takes away from a customer takes effect here when the block ends; a rate limit may see a block's requests that
   * much later.
   * Requests with an idempotency key always ask the store. Without effect on a store that lives in the process,
   * and on Workers, where a request may not wait for another one.
   */
  readonly lease?: true | Partial<LeasePolicy>
}

/** A feature that is counted per usage period. */
export function metered(options: MeteredOptions): MeteredFeature {
  const { unit, onError, anchor, acceptLossy, lease } = { ...options }
  return {
    kind: 'metered',
    unit,
    onError: onError ?? 'deny',
    anchor: anchor ?? 'customer',
    acceptLossy: acceptLossy ?? false,
    lease: lease ? { ...defaultLease, ...(lease === true ? {} : lease) } : null,
  }
}

const defaultLease: LeasePolicy = { most: 1000, idle: second }

/**
 * A feature that is held until given back, such as seats of a team. Seats are records: `acceptLossy` keeps them in a record
 * store that may lose some.
 */
export function seats(options: { readonly onError?: OnError; readonly acceptLossy?: boolean } = {}): SeatsFeature {
  const { onError, acceptLossy } = { ...options }
  return { kind: 'seats', onError: onError ?? 'deny', acceptLossy: acceptLossy ?? false }
}
