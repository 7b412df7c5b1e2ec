import { isWhole } from './amount.ts'
import type { Gate, GateUnit } from './gate.ts'
import { type Milliseconds, day, hour, minute, second } from './instant.ts'
import type { Given } from './parse-value.ts'

const periods: Readonly<Record<GateUnit, Milliseconds>> = { second, minute, hour, day }

/** The most a gate may count: its state is one integer of microseconds and must stay exact. */
const largestLimit = 1_000_000_000

/** A gate from its short or long form, frozen, or `undefined`; what is wrong with it is reported. */
export function parseGate(given: Given): Gate | undefined {
  const form = typeof given.value === 'string' ? fromText(given.value) : given.value
  if (typeof form !== 'object' || form === null) return given.fault('Write a gate as \'100/minute\'')
  // What each of them is is looked at below.
  const { limit, per, burst = limit, ...others } = form as { limit?: unknown; per?: unknown; burst?: unknown }
  if (Object.keys(others).length > 0) return given.fault('A gate has limit, per and burst, and nothing else')
  if (typeof per !== 'string' || !Object.hasOwn(periods, per)) return given.fault('Count per second, minute, hour or day')
  // It is a key of `periods`.
  const period = periods[per as GateUnit]
  if (!isWhole(limit, 1, largestLimit) || !isWhole(burst, 1, limit)) {
    return given.fault(`Give a limit from 1 to ${largestLimit} and a burst that is not above it`)
  }
  if (limit > period * 1000) return given.fault('Give a limit of at most one per microsecond')
  const id = burst === limit ? `${limit}/${per}` : `${limit}/${per}/${burst}`
  return Object.freeze({ id, limit, period, burst })
}

/** A list of gates, frozen, of which none is there twice, or `undefined`; what is wrong with it is reported. */
export function parseGates(given: Given): readonly Gate[] | undefined {
  if (!Array.isArray(given.value)) return given.fault('Give a list of gates, such as [\'100/minute\']')
  const gates: Gate[] = []
  for (const index of given.value.keys()) {
    const item = given.at(index)
    const gate = parseGate(item)
    if (gate === undefined) continue
    if (gates.some(({ id }) => id === gate.id)) item.fault(`The gate ${gate.id} is there twice`)
    else gates.push(gate)
  }
  return Object.freeze(gates)
}

function fromText(text: string): unknown {
  const match = /^(\d{1,10})\/(\w+)$/.exec(text)
  return match === null ? undefined : { limit: Number(match[1]), per: match[2] }
}
