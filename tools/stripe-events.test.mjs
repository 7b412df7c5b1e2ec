import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { file, renderEvents } from './stripe-events.mjs'

it('describes what the code does with each type of event', () => {
  expect(readFileSync(file, 'utf8')).toBe(renderEvents())
})
