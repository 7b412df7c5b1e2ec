import type { Feature, OnError, UsageAnchor } from './feature.ts'
import { type Report, frozenRecord, join, parseChoice, parseFlag, parseObject, parseText } from './parse-value.ts'

const kinds: readonly Feature['kind'][] = ['toggle', 'setting', 'metered', 'seats']
const errorRules: readonly OnError[] = ['deny', 'allow']
const anchors: readonly UsageAnchor[] = ['customer', 'calendar', 'subscription']

/** Every name in the catalog's features; `undefined` where the feature itself is faulty, which is told once. */
export type FeatureLookup = ReadonlyMap<string, Feature | undefined>

/** A feature, checked and frozen, or `undefined` with its faults reported. */
export function parseFeature(value: unknown, path: string, report: Report): Feature | undefined {
  const entries = parseObject(value, path, report)
  if (entries === undefined) return undefined
  const kind = kinds.find((item) => item === entries.get('kind'))
  if (kind === undefined) return report(path, 'Make features with toggle(), setting(), metered() or seats()')
  const onError = parseChoice(entries.get('onError') ?? 'deny', join(path, 'onError'), report, errorRules)
  if (kind === 'toggle' || kind === 'setting') return onError === undefined ? undefined : frozenRecord({ kind, onError })
  const acceptLossy = parseFlag(entries.get('acceptLossy'), join(path, 'acceptLossy'), report)
  if (kind === 'seats') return onError === undefined ? undefined : frozenRecord({ kind, onError, acceptLossy })
  const unit = parseText(entries.get('unit'), join(path, 'unit'), report, 64)
  const anchor = parseChoice(entries.get('anchor') ?? 'customer', join(path, 'anchor'), report, anchors)
  if (onError === undefined || unit === undefined || anchor === undefined) return undefined
  return frozenRecord({ kind, onError, unit, anchor, acceptLossy })
}
