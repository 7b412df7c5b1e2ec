import { day } from './instant.ts'
import {
  type AccessRule, type LifecyclePolicy, closedStatuses, defaultLifecycle, subscriptionStatuses,
} from './lifecycle.ts'
import { type Report, frozenRecord, join, parseChoice, parseObject, parseWhole } from './parse-value.ts'

const rules: readonly AccessRule[] = ['full', 'grace', 'none']
const longestGrace = 365

/** The lifecycle policy, checked and frozen; faults are reported. */
export function parseLifecycle(value: unknown, path: string, report: Report): LifecyclePolicy {
  const entries = value === undefined ? undefined : parseObject(value, path, report, ['access', 'graceDays'])
  const graceDays = entries?.get('graceDays')
  const days = graceDays === undefined ? undefined : parseWhole(graceDays, join(path, 'graceDays'), report, 0, longestGrace)
  const access = { ...defaultLifecycle.access }
  const given = entries?.get('access')
  const overrides = given === undefined ? undefined : parseObject(given, join(path, 'access'), report, subscriptionStatuses)
  for (const status of subscriptionStatuses) {
    if (overrides?.has(status) !== true) continue
    const at = join(path, `access.${status}`)
    const rule = parseChoice(overrides.get(status), at, report, rules)
    if (rule === undefined) continue
    if (closedStatuses.includes(status) && rule !== 'none') report(at, 'A subscription in this status never gives access')
    else access[status] = rule
  }
  return Object.freeze({ access: frozenRecord(access), grace: days === undefined ? defaultLifecycle.grace : days * day })
}
