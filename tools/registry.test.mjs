import { expect, it } from 'vitest'
import { findComponentsWithoutItem, findMissingFiles, renderRegistry } from './registry.mjs'

const item = {
  name: 'bar', type: 'registry:component', title: 'Bar', description: 'A bar.', dependencies: ['@farebox/react'],
  files: [{ path: 'items/bar.tsx', type: 'registry:component', target: 'components/billing/bar.tsx' }],
}

it('serves each item with the text of its files', () => {
  const served = renderRegistry([item], (path) => `// ${path}`)
  expect([...served.keys()]).toEqual(['bar.json'])
  expect(JSON.parse(served.get('bar.json') ?? '')).toMatchObject({ name: 'bar', files: [{ target: 'components/billing/bar.tsx', content: '// items/bar.tsx' }] })
})

it('finds a file that an item forgets', () => {
  expect(findMissingFiles([item], () => "import { join } from './classes'")).toEqual(['bar: items/bar.tsx needs items/classes'])
  expect(findMissingFiles([item], () => "import { UsageBar } from '@farebox/react'")).toEqual([])
})

it('finds a component that no item is about', () => {
  const entry = "export { Bar, type BarProps } from './bar.tsx'\nexport {\n  UsageRing,\n  useRing,\n} from './ring.tsx'\nexport { PricingOffers } from './offers.tsx'\n"
  expect(findComponentsWithoutItem([item], entry)).toEqual(['usage-ring is a component without an item'])
})
