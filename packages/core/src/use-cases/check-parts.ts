import { type Milliseconds, day, second } from '../domain/instant.ts'
import type { Fault } from '../errors/error.ts'

/** What each part must be able to do, and where it comes from. A part that is optional may be left out. */
const parts: readonly { readonly path: string; readonly methods: readonly string[]; readonly remedy: string; readonly optional?: true }[] = [
  { path: 'store.usage', methods: ['execute', 'read', 'history', 'raiseVersion', 'sweep'], remedy: 'Give a store, such as memoryStore()' },
  { path: 'store.records', methods: ['load', 'commit', 'find'], remedy: 'Give a store, such as memoryStore()' },
  { path: 'auth.verifier', methods: ['verify'], remedy: 'Give a sign-in service, such as jwtAuth(), or leave it out', optional: true },
  { path: 'payments', methods: ['readCustomer', 'readDelivery'], remedy: 'Give stripePayments(), or leave it out', optional: true },
  { path: 'planTokens', methods: ['sign', 'publicKeys'], remedy: 'Give what signs plan tokens, or leave it out', optional: true },
  { path: 'logger', methods: ['info', 'warn', 'error'], remedy: 'Give a logger, such as console, or leave it out', optional: true },
  { path: 'clock', methods: ['now'], remedy: 'Give a clock, or leave it out', optional: true },
  { path: 'random', methods: ['id'], remedy: 'Give a source of names, or leave it out', optional: true },
]

const longestWindow: Milliseconds = 400 * day

/** Timers that are set for longer fire at once. */
const longestTimeout: Milliseconds = 2 ** 31 - 1

/** Collects what is missing or is not what it should be, for those who configure Farebox without types. */
export function checkParts(options: Readonly<Record<string, unknown>>, faults: Fault[]): void {
  if (!Array.isArray(at(options, 'catalog.planList')) || !isObject(at(options, 'catalog.defaultPlan'))) {
    faults.push({ path: 'catalog', message: 'Give what defineCatalog() answers' })
  }
  for (const { path, methods, remedy, optional } of parts) {
    const [name = ''] = path.split('.')
    if (optional && options[name] === undefined) continue
    const part = at(options, path)
    if (!methods.every((method) => isObject(part) && typeof part[method] === 'function')) faults.push({ path, message: remedy })
  }
  const { idempotencyWindow: window = day, storeTimeout: timeout = null } = options
  if (!Number.isSafeInteger(window) || Number(window) < second || Number(window) > longestWindow) {
    faults.push({ path: 'idempotencyWindow', message: `Give whole milliseconds from ${second} to ${longestWindow}` })
  }
  if (timeout !== null && (!Number.isSafeInteger(timeout) || Number(timeout) < 1 || Number(timeout) > longestTimeout)) {
    faults.push({ path: 'storeTimeout', message: `Give whole milliseconds from 1 to ${longestTimeout}, or null for no end` })
  }
}

function at(options: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), options)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
