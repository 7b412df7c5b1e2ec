import {
  type Decision, type Farebox, FareboxError, type LogFields, type RecordStore, type Store, type UsageStore, allowance, createFarebox,
  defineCatalog, metered, toggle,
} from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: {
    strict: metered({ unit: 'call' }),
    lenient: metered({ unit: 'call', onError: 'allow' }),
    exports: toggle(),
    preview: toggle({ onError: 'allow' }),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { strict: allowance(5).per('month'), lenient: allowance(5).per('month'), exports: true, preview: true },
    },
  },
})

const customer = 'user_1'

type Part = readonly ['usage', keyof UsageStore] | readonly ['records', keyof RecordStore]

const parts: readonly Part[] = [
  ['usage', 'execute'],
  ['usage', 'read'],
  ['usage', 'raiseVersion'],
  ['records', 'load'],
  ['records', 'commit'],
]

const failures = {
  'unavailable': () => new FareboxError('unavailable', 'The store cannot answer'),
  'an error of a driver': () => new TypeError('fetch failed: redis://user:canary-secret@host'),
}

/** A store of which one method fails from the moment it is told to, and everything else works. */
function failing(store: Store, [side, method]: Part, failure: () => Error): { readonly store: Store; readonly fail: () => void } {
  let isBroken = false
  const part = new Proxy(store[side], {
    get: (target, name, receiver) =>
      isBroken && name === method ? () => Promise.reject(failure()) : Reflect.get(target, name, receiver),
  })
  return { store: { ...store, [side]: part }, fail: () => void (isBroken = true) }
}

const gates = [
  ['consume', 'strict', (farebox) => farebox.consume({ customer, feature: 'strict' })],
  ['consume', 'lenient', (farebox) => farebox.consume({ customer, feature: 'lenient' })],
  ['reserve', 'strict', (farebox) => farebox.reserve({ customer, feature: 'strict', atMost: 1 })],
  ['reserve', 'lenient', (farebox) => farebox.reserve({ customer, feature: 'lenient', atMost: 1 })],
  ['check', 'strict', (farebox) => farebox.check({ customer, feature: 'strict' })],
  ['check', 'lenient', (farebox) => farebox.check({ customer, feature: 'lenient' })],
  ['check', 'exports', (farebox) => farebox.check({ customer, feature: 'exports' })],
  ['check', 'preview', (farebox) => farebox.check({ customer, feature: 'preview' })],
] as const satisfies readonly (readonly [string, keyof typeof catalog.features, (farebox: Farebox<typeof catalog>) => Promise<Decision>])[]

/** What a gate needs when nothing is known of the customer, and when everything is. */
const needs: Readonly<Record<'cold' | 'warm', Readonly<Record<'consume' | 'reserve' | 'check', readonly string[]>>>> = {
  cold: {
    consume: ['usage.execute', 'records.load', 'records.commit'],
    reserve: ['usage.execute', 'records.load', 'records.commit'],
    check: ['usage.read', 'records.load'],
  },
  warm: { consume: ['usage.execute'], reserve: ['usage.execute'], check: ['usage.read'] },
}

for (const [failureName, failure] of Object.entries(failures)) {
  for (const part of parts) {
    for (const state of ['cold', 'warm'] as const) {
      test.each(gates)(`${part.join('.')} fails with ${failureName}, ${state}: %s(%s)`, async (verb, feature, ask) => {
        const { store, fail } = failing(memoryStore(), part, failure)
        const farebox = createFarebox({ catalog, store })
        if (state === 'warm') await farebox.consume({ customer, feature: 'strict' })
        fail()

        const decision = await ask(farebox)

        const isUndecided = needs[state][verb].includes(part.join('.'))
        const mayFail = catalog.features[feature].onError === 'allow'
        const undecided = { allowed: mayFail, reason: 'unavailable', drawn: [], limit: 0, remaining: 0 }
        expect(decision).toMatchObject(isUndecided ? undecided : { allowed: true, reason: 'allowed' })
        expect(JSON.stringify(decision)).not.toContain('canary')
      })
    }
  }
}

test('what could not be decided is told to the log, with a code and without what the driver said', async () => {
  const lines: string[] = []
  const log = (message: string, fields: LogFields): void => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const { store, fail } = failing(memoryStore(), ['usage', 'execute'], failures['an error of a driver'])
  const farebox = createFarebox({ catalog, store, logger: { info: log, warn: log, error: log } })
  fail()
  await farebox.consume({ customer, feature: 'strict' })
  expect(lines).toEqual(['No decision could be made {"feature":"strict","onError":"deny","failure":"internal"}'])
})

test('misuse is thrown, whatever the feature allows', async () => {
  const farebox = createFarebox({ catalog, store: memoryStore() })
  await expect(farebox.consume({ customer, feature: 'lenient', amount: 0 })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(farebox.reserve({ customer, feature: 'lenient', atMost: 2 ** 53 - 1, overdraft: 1 })).rejects.toMatchObject({ code: 'invalid-request' })
})

test('a store that fails is asked anew, and what it counted meanwhile stays counted', async () => {
  const store = memoryStore()
  const working = createFarebox({ catalog, store })
  await working.consume({ customer, feature: 'strict', amount: 5 })

  const { store: half, fail } = failing(store, ['records', 'load'], failures.unavailable)
  const broken = createFarebox({ catalog, store: half })
  fail()
  expect(await broken.consume({ customer, feature: 'strict' })).toMatchObject({ allowed: false, reason: 'unavailable' })
  expect(await working.consume({ customer, feature: 'strict' })).toMatchObject({ allowed: false, reason: 'quota-exceeded', used: 5 })
})
