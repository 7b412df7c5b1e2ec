import { describe, expect, it } from 'vitest'
import { daysUntil } from './days-until.ts'

const asOf = '2026-11-21T12:00:00.000Z'

describe('daysUntil', () => {
  it.each([
    ['2026-11-21T12:00:00.001Z', 1], ['2026-11-22T12:00:00.000Z', 1], ['2026-11-22T12:00:01.000Z', 2], ['2026-11-20T00:00:00.000Z', 0],
  ])('counts days begun to %s from the snapshot\'s moment', (at, days) => {
    expect(daysUntil(at, asOf)).toBe(days)
  })
})
