import { day } from './instant.ts'
import { type LifecyclePolicy, closedStatuses, defaultLifecycle, subscriptionStatuses } from './lifecycle.ts'
import { type Given, frozenRecord } from './parse-value.ts'

const longestGrace = 365

/** The lifecycle policy, checked and frozen; faults are reported. */
export function parseLifecycle(given: Given): LifecyclePolicy {
  given.names(['access', 'graceDays'])
  const overrides = given.at('access', {})
  overrides.names(subscriptionStatuses)
  const access = { ...defaultLifecycle.access }
  for (const status of subscriptionStatuses) {
    const rule = overrides.at(status).choice(['none', 'full', 'grace'], access[status])
    if (closedStatuses.includes(status) && rule !== 'none') overrides.fault('A subscription in this status never gives access', status)
    access[status] = rule
  }
  return Object.freeze({ access: frozenRecord(access), grace: given.at('graceDays').whole(0, longestGrace, defaultLifecycle.grace / day) * day })
}
