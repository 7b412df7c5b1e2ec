import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { controlRoutes } from '../src/control/control-routes.ts'
import { defaultSettings } from '../src/settings.ts'
import { describeCoverage, unknownParameters } from './describe-coverage.ts'

test('COVERAGE.md is what the route table says', () => {
  expect(readFileSync(new URL('../COVERAGE.md', import.meta.url), 'utf8')).toBe(describeCoverage())
})

test('the README names every control route and every setting', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const routes = controlRoutes().routes.map(({ method, path }) => `\`${method} /_${path.replace(/:(\w+)/g, '{$1}')}\``)
  expect(routes.length).toBeGreaterThan(15)
  for (const named of [...routes, ...Object.keys(defaultSettings).map((name) => `\`${name}\``)]) expect(readme).toContain(named)
})

test('the route table names no parameter that Stripe does not publish', () => {
  expect(unknownParameters()).toEqual([])
})
