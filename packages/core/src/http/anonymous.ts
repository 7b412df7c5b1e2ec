import type { FeatureMap } from '../domain/catalog.ts'
import { entryOf } from '../domain/entry-of.ts'
import type { Gate, GateInput } from '../domain/gate.ts'
import { parseGates } from '../domain/parse-gate.ts'
import { Given } from '../domain/parse-value.ts'
import type { Fault } from '../errors/error.ts'
import type { ForwardingField } from './address.ts'
import type { ReadHeader } from './read-header.ts'

/** How callers without a token are let in: by address, each with the rate of the feature they use. */
export interface AnonymousOptions<Feature extends string = string> {
  /** For each feature that needs no token on routes which say so: `{ apiCalls: ['20/minute'] }`. */
  readonly gates: { readonly [Name in Feature]?: readonly GateInput[] }
  /**
   * How many proxies of yours, from the outermost to this server, a request passes. 0: none, the peer's own address counts,
   * which the adapter must know. One too many, and clients choose their addresses themselves.
   */
  readonly trustedHops: number
  /** Where those proxies write the address; `x-forwarded-for` unless said otherwise. Never both: clients write the other one. */
  readonly field?: ForwardingField
  /** For platforms that tell the address in a field of their own: `(header) => header('cf-connecting-ip')`. Comes before hops. */
  readonly address?: (header: ReadHeader) => string | null | undefined
}

/** {@link AnonymousOptions}, complete. */
export interface AnonymousSettings {
  readonly gates: ReadonlyMap<string, readonly Gate[]>
  readonly trustedHops: number
  readonly field: ForwardingField
  readonly address: ((header: ReadHeader) => string | null | undefined) | null
}

const mostHops = 16

/** Completes the options, and collects what is wrong with them. With faults, they must not be used. */
export function anonymousSettings(options: AnonymousOptions | undefined, features: FeatureMap, faults: Fault[]): AnonymousSettings | null {
  if (options === undefined) return null
  const given = new Given(options, 'anonymous', faults)
  const trustedHops = given.at('trustedHops').whole(0, mostHops)
  const field = given.at('field').choice<ForwardingField>(['x-forwarded-for', 'forwarded'], 'x-forwarded-for')
  // Whether it is one is looked at below.
  const { address = null } = Object(options) as AnonymousOptions
  const gates = new Map<string, readonly Gate[]>()
  const all = given.at('gates')
  for (const feature of all.names()) {
    const list = all.at(feature)
    const isMetered = entryOf(features, feature)?.kind === 'metered'
    const own = isMetered ? parseGates(list) : list.fault('Name a metered feature of the catalog')
    if (own?.length === 0) list.fault("Give at least one gate, such as '20/minute'")
    if (own !== undefined) gates.set(feature, own)
  }
  if (address !== null && typeof address !== 'function') given.fault('Give a function of the header fields', 'address')
  return { gates, trustedHops, field, address }
}
