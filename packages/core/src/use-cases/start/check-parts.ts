import { type Milliseconds, day, second } from '../../domain/instant.ts'
import type { Given } from '../../domain/parse-value.ts'

/** What each part must be able to do, and where it comes from. Only the store may not be left out. */
const parts: readonly (readonly [path: string, methods: string, source: string])[] = [
  ['store.usage', 'execute read history raiseVersion sweep', 'a store, such as memoryStore()'],
  ['store.records', 'load commit find', 'a store, such as memoryStore()'],
  ['auth.verifier', 'verify', 'a sign-in service, such as jwtAuth()'],
  ['payments', 'readCustomer readDelivery', 'stripePayments()'],
  ['planTokens', 'sign publicKeys', 'what signs plan tokens'],
  ['logger', 'info warn error', 'a logger, such as console'],
  ['clock', 'now', 'a clock'],
  ['random', 'id', 'a source of names'],
]

const longestWindow: Milliseconds = 400 * day

/** Timers that are set for longer fire at once. */
const longestTimeout: Milliseconds = 2 ** 31 - 1

/** Collects what is missing or is not what it should be, for those who configure Farebox without types. */
export function checkParts(given: Given): void {
  const { value: options } = given
  if (!Array.isArray(at(options, 'catalog.planList')) || !isObject(at(options, 'catalog.defaultPlan'))) {
    given.fault('Give what defineCatalog() answers', 'catalog')
  }
  for (const [path, methods, source] of parts) {
    const [name = ''] = path.split('.')
    const isOptional = name !== 'store'
    if (isOptional && at(options, name) === undefined) continue
    const part = at(options, path)
    const isAble = methods.split(' ').every((method) => typeof at(part, method) === 'function')
    if (!isAble) given.fault(`Give ${source}${isOptional ? ', or leave it out' : ''}`, path)
  }
  given.at('idempotencyWindow').whole(second, longestWindow, day)
  if (at(options, 'storeTimeout') !== null) given.at('storeTimeout').whole(1, longestTimeout, null)
}

function at(options: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), options)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
