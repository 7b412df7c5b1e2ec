import { checkCatalogData } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import { wholeCatalog } from '../../gallery/states/admin.tsx'
import { firstFeature, withFeature, withoutFeature } from './edit-features.ts'

describe.each(Object.keys(firstFeature) as (keyof typeof firstFeature)[])('a new feature of kind %s', (kind) => {
  it('is a feature as it stands, but for what one is called', () => {
    const faults = checkCatalogData(withFeature(wholeCatalog, 'fresh', firstFeature[kind]))
    expect(faults.map(({ path }) => path)).toEqual(kind === 'metered' ? ['features.fresh.unit'] : [])
  })

  it('is gone without a trace when it is taken away', () => {
    const { packs: _, ...catalog } = wholeCatalog
    expect(withoutFeature(withFeature(catalog, 'fresh', firstFeature[kind]), 'fresh')).toEqual(catalog)
  })
})

it.each(Object.keys(wholeCatalog.features))('takes %s out of plans, rate limits and packs, and leaves the rest as it is', (feature) => {
  const rest = withoutFeature(wholeCatalog, feature)
  expect(JSON.stringify(rest)).not.toContain(`"${feature}"`)
  expect(checkCatalogData(rest).map(({ path }) => path).filter((path) => !/^packs\.\w+\.grants$/.test(path))).toEqual([])
  expect(Object.keys(rest.plans)).toEqual(Object.keys(wholeCatalog.plans))
  expect(rest.moves).toEqual(wholeCatalog.moves)
})

it('changes a feature where it is', () => {
  const changed = withFeature(wholeCatalog, 'apiCalls', { ...firstFeature.metered, kind: 'metered', unit: 'request' } as typeof firstFeature.metered)
  expect(Object.keys(changed.features)).toEqual(Object.keys(wholeCatalog.features))
})
