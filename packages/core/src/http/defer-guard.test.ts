import { expect, test, vi } from 'vitest'
import { deferGuard } from './defer-guard.ts'
import type { Guard } from './guard.ts'

const stopped = { kind: 'stop', status: 401, problem: { type: '/problems/unauthenticated', title: '', status: 401 }, headers: {} } as const
const refusing: Guard = {
  authenticate: () => stopped,
  requireRole: () => stopped,
  requirePlan: () => stopped,
  requireFeature: () => stopped,
  meter: () => stopped,
  meterAnyone: () => stopped,
}
const noHeader = (): null => null
const open = { context: 'open', keep: async <Answer>(answer: Promise<Answer>): Promise<Answer> => answer }

test('deferGuard() makes one guard for all who ask at once, and answers without a promise from then on', async () => {
  const make = vi.fn(() => Promise.resolve(refusing))
  const guard = deferGuard(open, make)

  const answers = [guard.authenticate(noHeader), guard.meter(noHeader, { feature: 'apiCalls' }), guard.requirePlan(noHeader, ['pro'])]

  expect(await Promise.all(answers.map(async (answer) => answer))).toEqual([stopped, stopped, stopped])
  expect(make).toHaveBeenCalledTimes(1)
  expect(guard.requireRole(noHeader, 'admin')).toBe(stopped)
  expect(guard.requireFeature(noHeader, 'exports')).toBe(stopped)
})

test('deferGuard() lets nobody in while the guard cannot be made, and tries again with the next request', async () => {
  const make = vi.fn(() => Promise.resolve(refusing)).mockRejectedValueOnce(new Error('not loaded'))
  const guard = deferGuard(open, make)

  await expect(guard.authenticate(noHeader)).rejects.toThrow('not loaded')
  expect(await guard.authenticate(noHeader)).toBe(stopped)
  expect(make).toHaveBeenCalledTimes(2)
})

test('deferGuard() makes another guard for calls after the end, and leaves those from before theirs', async () => {
  const calls = { ...open }
  const passing: Guard = { ...refusing, requirePlan: () => ({ ...stopped, status: 402, problem: { ...stopped.problem, status: 402 } }) }
  const guard = deferGuard(calls, async (context) => (context === 'open' ? passing : refusing))

  const before = guard.requirePlan(noHeader, ['pro'])
  calls.context = 'closed'
  const after = guard.requirePlan(noHeader, ['pro'])

  expect(await before).toMatchObject({ status: 402 })
  expect(await after).toBe(stopped)
  expect(guard.requirePlan(noHeader, ['pro'])).toBe(stopped)
})
