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

/** Counted per usage period, in whole `unit`s. */
export interface MeteredFeature {
  readonly kind: 'metered'
  readonly onError: OnError
  readonly unit: string
  readonly anchor: UsageAnchor
  readonly acceptLossy: boolean
}

/** Held until given back. */
export interface SeatsFeature {
  readonly kind: 'seats'
  readonly onError: OnError
  readonly acceptLossy: boolean
}

export type Feature = ToggleFeature | SettingFeature | MeteredFeature | SeatsFeature

/** A feature that is on or off. */
export function toggle(options: { readonly onError?: OnError } = {}): ToggleFeature {
  return { kind: 'toggle', onError: options.onError ?? 'deny' }
}

/** A feature with a value: `setting<('small' | 'large')[]>()`. */
export function setting<Value>(options: { readonly onError?: OnError } = {}): SettingFeature<Value> {
  return { kind: 'setting', onError: options.onError ?? 'deny' }
}

/** Options of {@link metered}. */
export interface MeteredOptions {
  /** What one is called, in the singular: `call`, `token`. */
  readonly unit: string
  readonly onError?: OnError
  readonly anchor?: UsageAnchor
  /** Count on a store that may lose counts although money depends on them. */
  readonly acceptLossy?: boolean
}

/** A feature that is counted per usage period. */
export function metered(options: MeteredOptions): MeteredFeature {
  return {
    kind: 'metered',
    unit: options.unit,
    onError: options.onError ?? 'deny',
    anchor: options.anchor ?? 'customer',
    acceptLossy: options.acceptLossy ?? false,
  }
}

/** A feature that is held until given back, such as seats of a team. */
export function seats(options: { readonly onError?: OnError; readonly acceptLossy?: boolean } = {}): SeatsFeature {
  return { kind: 'seats', onError: options.onError ?? 'deny', acceptLossy: options.acceptLossy ?? false }
}
