import { expect, test } from 'vitest'
import { createEvents } from './events.ts'

const handler = (): void => undefined

test('each handler has a queue of its own, also after another one has left', () => {
  const events = createEvents()
  const stop = events.on('plan.changed', handler)
  events.on('plan.changed', handler)
  events.on('grant.added', handler)
  events.on('plan.changed', handler, 'mail')
  stop()
  events.on('plan.changed', handler)

  expect(events.listeners().map(({ destination }) => destination)).toEqual([
    'callback:plan.changed:1',
    'callback:grant.added:0',
    'callback:plan.changed:mail',
    'callback:plan.changed:0',
  ])
})

test('a name belongs to one handler of an event', () => {
  const events = createEvents()
  events.on('plan.changed', handler, 'mail')
  events.on('grant.added', handler, 'mail')

  expect(() => events.on('plan.changed', handler, 'mail')).toThrow(expect.objectContaining({ code: 'invalid-request' }))
})

test('whoever has left hears nothing, and leaving twice takes nobody else along', () => {
  const events = createEvents()
  const stop = events.on('plan.changed', handler, 'first')
  events.on('plan.changed', handler, 'second')
  stop()
  stop()

  expect(events.listeners().map(({ destination }) => destination)).toEqual(['callback:plan.changed:second'])
})
