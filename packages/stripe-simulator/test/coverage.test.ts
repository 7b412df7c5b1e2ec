import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeCoverage, unknownParameters } from './describe-coverage.ts'

test('COVERAGE.md is what the route table says', () => {
  expect(readFileSync(new URL('../COVERAGE.md', import.meta.url), 'utf8')).toBe(describeCoverage())
})

test('the route table names no parameter that Stripe does not publish', () => {
  expect(unknownParameters()).toEqual([])
})
