import type { Feature, LeasePolicy, OnError, UsageAnchor } from './feature.ts'
import { minute } from './instant.ts'
import { type Report, frozenRecord, join, parseChoice, parseFlag, parseObject, parseText, parseWhole } from './parse-value.ts'

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
  const lease = parseLease(entries.get('lease') ?? null, join(path, 'lease'), report)
  if (onError === undefined || unit === undefined || anchor === undefined || lease === undefined) return undefined
  return frozenRecord({ kind, onError, unit, anchor, acceptLossy, lease })
}

function parseLease(value: unknown, path: string, report: Report): LeasePolicy | null | undefined {
  if (value === null) return null
  const entries = parseObject(value, path, report, ['most', 'idle'])
  if (entries === undefined) return undefined
  const most = parseWhole(entries.get('most'), join(path, 'most'), report, 2, 1_000_000)
  const idle = parseWhole(entries.get('idle'), join(path, 'idle'), report, 1, minute)
  return most === undefined || idle === undefined ? undefined : Object.freeze({ most, idle })
}
