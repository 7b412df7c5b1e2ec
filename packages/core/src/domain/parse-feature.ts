import type { Feature } from './feature.ts'
import { minute } from './instant.ts'
import { type Given, frozenRecord } from './parse-value.ts'

/** Every name in the catalog's features; `undefined` where the feature itself is faulty, which is told once. */
export type FeatureLookup = ReadonlyMap<string, Feature | undefined>

/** A feature, checked and frozen, or `undefined` with its faults reported. */
export function parseFeature(given: Given): Feature | undefined {
  const kinds: readonly Feature['kind'][] = ['toggle', 'setting', 'metered', 'seats']
  const kind = kinds.find((item) => item === given.at('kind').value)
  if (kind === undefined) return given.fault('Make features with toggle(), setting(), metered() or seats()')
  const onError = given.at('onError').choice(['deny', 'allow'], 'deny')
  if (kind === 'toggle' || kind === 'setting') return frozenRecord({ kind, onError })
  const acceptLossy = given.at('acceptLossy').flag()
  if (kind === 'seats') return frozenRecord({ kind, onError, acceptLossy })
  const lease = given.at('lease')
  const hasLease = (lease.value ?? null) !== null
  if (hasLease) lease.names(['most', 'idle'])
  return frozenRecord({
    kind,
    onError,
    unit: given.at('unit').text(64),
    anchor: given.at('anchor').choice(['customer', 'calendar', 'subscription'], 'customer'),
    acceptLossy,
    lease: hasLease ? Object.freeze({ most: lease.at('most').whole(2, 1_000_000), idle: lease.at('idle').whole(1, minute) }) : null,
  })
}
