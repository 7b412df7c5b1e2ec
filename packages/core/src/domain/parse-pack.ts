import { largestAmount } from './amount.ts'
import type { Pack } from './pack.ts'
import type { FeatureLookup } from './parse-feature.ts'
import { parsePrice } from './parse-price.ts'
import { type Given, recordOf } from './parse-value.ts'
import type { Amounts } from './price.ts'

/** Stands in where a fault was reported, so that the catalog is refused in the end. */
const unpriced: Amounts = [{ currency: '', minor: '0' }]

/** Packs by their keys, checked and frozen; what is wrong with them is reported. */
export function parsePacks(given: Given, features: FeatureLookup): Readonly<Record<string, Pack>> {
  return recordOf(given.named().map(([key, pack]) => [key, parsePack(pack, key, features)]))
}

function parsePack(given: Given, key: string, features: FeatureLookup): Pack {
  given.names(['name', 'description', 'price', 'grants', 'expiresAfterDays', 'refunds'])
  const price = parsePrice(given.at('price'))
  if (price?.perSeat === true) given.fault('A pack is paid by the piece: give money', 'price')
  return Object.freeze({
    key,
    name: given.at('name').text(250),
    description: given.at('description').text(1000, null),
    amounts: price?.amounts ?? unpriced,
    grants: parseGrants(given.at('grants'), features),
    expiresAfterDays: given.at('expiresAfterDays').whole(1, 3650, null),
    refunds: given.at('refunds').choice(['void', 'keep'], 'void'),
  })
}

function parseGrants(given: Given, features: FeatureLookup): Pack['grants'] {
  const grants = given.names().map((name) => {
    if (features.get(name)?.kind !== 'metered') given.fault('Name a metered feature of the catalog', name)
    return [name, given.at(name).whole(1, largestAmount)] as const
  })
  if (grants.length === 0) given.fault('Give at least one amount')
  return recordOf(grants)
}
