import { largestAmount } from './amount.ts'
import type { Pack } from './pack.ts'
import type { FeatureLookup } from './parse-feature.ts'
import { parsePrice } from './parse-price.ts'
import type { Amounts } from './price.ts'
import { type Report, frozenRecord, join, parseChoice, parseName, parseObject, parseText, parseWhole } from './parse-value.ts'

const settings = ['name', 'description', 'price', 'grants', 'expiresAfterDays', 'refunds']

/** Stands in where a fault was reported, so that the catalog is refused in the end. */
const unpriced: Amounts = [{ currency: '', minor: '0' }]

/** Packs by their keys, checked and frozen; what is wrong with them is reported. */
export function parsePacks(value: unknown, features: FeatureLookup, report: Report): Readonly<Record<string, Pack>> {
  const packs: Record<string, Pack> = {}
  for (const [key, given] of (value === undefined ? undefined : parseObject(value, 'packs', report)) ?? []) {
    const path = join('packs', key)
    const entries = parseName(key, path, report) === undefined ? undefined : parseObject(given, path, report, settings)
    if (entries === undefined) continue
    const at = (name: string): [unknown, string, Report] => [entries.get(name), join(path, name), report]
    const price = parsePrice(...at('price'))
    if (price?.perSeat === true) report(join(path, 'price'), 'A pack is paid by the piece: give money, such as usd(\'10\')')
    packs[key] = Object.freeze({
      key,
      name: parseText(...at('name'), 250) ?? '',
      description: entries.has('description') ? (parseText(...at('description'), 1000) ?? null) : null,
      amounts: price?.amounts ?? unpriced,
      grants: parseGrants(...at('grants'), features),
      expiresAfterDays: entries.has('expiresAfterDays') ? (parseWhole(...at('expiresAfterDays'), 1, 3650) ?? null) : null,
      refunds: entries.has('refunds') ? (parseChoice(...at('refunds'), ['void', 'keep'] as const) ?? 'void') : 'void',
    })
  }
  return frozenRecord(packs)
}

function parseGrants(value: unknown, path: string, report: Report, features: FeatureLookup): Pack['grants'] {
  const grants: Record<string, number> = {}
  for (const [name, given] of parseObject(value, path, report) ?? []) {
    const at = join(path, name)
    if (features.get(name)?.kind !== 'metered') report(at, 'Name a metered feature of the catalog')
    grants[name] = parseWhole(given, at, report, 1, largestAmount) ?? 0
  }
  if (Object.keys(grants).length === 0) report(path, 'Give at least one amount')
  return frozenRecord(grants)
}
