import { ownCause, type Account } from '../../account.ts'
import type { TestClock } from '../../billing-objects.ts'
import { addMonths } from '../../clock.ts'
import { invalidRequest } from '../../errors.ts'
import { get } from '../../get.ts'
import type { Customer, Subscription } from '../../objects.ts'
import { changeObject } from '../change-object.ts'
import { periodEnd } from '../next-instant.ts'
import { hasEnded } from '../subscription-status.ts'
import { endSubscription } from '../subscriptions/change-subscription.ts'
import { runDue } from './fall-due.ts'

const lifetime = 30 * 86_400
const mostCustomers = 3

/** A new test clock, whose time stands still at `frozenTime` seconds. It is deleted after 30 days of the simulator's own time. */
export function createTestClock(account: Account, frozenTime: number, name: string | null): TestClock {
  if (account.livemode) throw invalidRequest('Test clocks can only be used in test mode.')
  const now = account.timelines.main.seconds()
  const clock = account.store.testClocks.save({
    id: account.identifiers.next('clock'),
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: now + lifetime,
    frozen_time: frozenTime,
    livemode: false,
    name,
    status: 'ready',
    status_details: {},
  })
  account.timelines.start(clock.id, frozenTime * 1000)
  account.emit('test_helpers.test_clock.created', clock)
  return clock
}

/** Starts to move a test clock. What falls due on the way is done once the request has been answered; then the clock is ready. */
export function startAdvancing(account: Account, id: string, frozenTime: number): TestClock {
  const before = get(account.store.testClocks, id)
  if (before.status !== 'ready') throw invalidRequest('This test clock is advancing already.', { param: 'test_clock' })
  if (frozenTime <= before.frozen_time) {
    throw invalidRequest('The new frozen time must be after the current frozen time of the test clock.', { param: 'frozen_time' })
  }
  if (frozenTime > furthest(account, before)) {
    const message = 'A test clock advances at most two intervals of its shortest subscription at once; without one, two years.'
    throw invalidRequest(message, { param: 'frozen_time' })
  }
  const status_details = { advancing: { target_frozen_time: frozenTime } }
  const changes = { status: 'advancing', status_details } as const
  const clock = changeObject(account, 'testClocks', before, changes, 'test_helpers.test_clock.advancing')
  account.afterwards(() => account.act(ownCause, () => finishAdvancing(account, id, frozenTime), id))
  return clock
}

/** Deletes a test clock with its customers; their subscriptions end. */
export function deleteTestClock(account: Account, id: string): void {
  const clock = get(account.store.testClocks, id)
  for (const customer of customersOn(account, id)) {
    for (const subscription of liveSubscriptions(account, customer)) endSubscription(account, subscription.id)
    account.store.customers.save({ ...customer, deleted: true })
  }
  account.emit('test_helpers.test_clock.deleted', clock)
  account.store.testClocks.remove(id)
  account.timelines.end(id)
}

/** Deletes the test clocks that are older than 30 days. */
export function deleteOldTestClocks(account: Account): void {
  const now = account.timelines.main.seconds()
  const old = [...account.store.testClocks.oldestFirst()].filter((clock) => clock.deletes_after <= now)
  for (const { id } of old) account.act(ownCause, () => deleteTestClock(account, id), id)
}

/** Refuses a fourth customer. */
export function requireRoom(account: Account, testClock: string): void {
  get(account.store.testClocks, testClock, 'test_clock')
  if (customersOn(account, testClock).length < mostCustomers) return
  throw invalidRequest(`A test clock can have up to ${mostCustomers} customers.`, { param: 'test_clock' })
}

function finishAdvancing(account: Account, id: string, frozenTime: number): void {
  const before = account.store.testClocks.find(id)
  if (before === undefined) return
  runDue(account, frozenTime * 1000)
  account.clock.moveTo(frozenTime * 1000)
  const changes = { frozen_time: frozenTime, status: 'ready', status_details: {} } as const
  changeObject(account, 'testClocks', before, changes, 'test_helpers.test_clock.ready')
}

function furthest(account: Account, clock: TestClock): number {
  const live = customersOn(account, clock.id).flatMap((customer) => liveSubscriptions(account, customer))
  const lengths = live.map((subscription) => periodEnd(subscription) - (subscription.items[0]?.current_period_start ?? 0))
  const twoYears = addMonths(clock.frozen_time * 1000, 24) / 1000
  // Two months in a row differ in length: the shorter period is given three days, so that two whole ones always fit.
  return live.length === 0 ? twoYears : clock.frozen_time + 2 * (Math.min(...lengths) + 3 * 86_400)
}

function customersOn(account: Account, testClock: string): Customer[] {
  return account.store.customers.where('test_clock', testClock).filter((customer) => customer.deleted !== true)
}

function liveSubscriptions(account: Account, customer: Customer): Subscription[] {
  return account.store.subscriptions.ofCustomer(customer.id).filter((subscription) => !hasEnded(subscription.status))
}
