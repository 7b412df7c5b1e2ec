import { expect, it } from 'vitest'
import type { Row } from './compare.ts'
import { tableOf } from './report.ts'

const floor: Row = {
  name: 'floor',
  goal: undefined,
  ratio: { median: 1, smallest: 1, largest: 1 },
  cpuRatio: 1,
  cpuMicroseconds: 21.46,
  perSecond: 46_512.4,
  latency: undefined,
}

it('says of each goal whether it was met', () => {
  const reached: Row = { ...floor, name: 'reached', goal: 0.4, ratio: { median: 0.4, smallest: 0.3, largest: 0.6 } }
  const lines = tableOf('Requests', [floor, reached, { ...reached, name: 'short', goal: 0.41 }]).split('\n')
  expect(lines[0]).toBe('### Requests')
  expect(lines[4]).toMatch(/^\| floor {3,}\|.* 21\.5 \|.* 46,512 \| +\|$/)
  expect(lines[5]).toMatch(/reached \| +0\.400 \| 0\.300\.\.0\.600 .*0\.400 met \|$/)
  expect(lines[6]).toMatch(/short.*0\.410 missed \|$/)
})

it('shows latency where there is one', () => {
  expect(tableOf('Calls', [floor])).not.toContain('p99')
  expect(tableOf('Requests', [{ ...floor, latency: { p50: 1, p99: 7.25 } }])).toMatch(/p99 ms[^]*7\.25/)
})
