import { FareboxError, type RecordStore, type Store, type UsageStore, allowance, createFarebox, defineCatalog, metered, toggle } from '@farebox/core'
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
  ['records', 'load'],
  ['records', 'commit'],
]

const failures = {
  'unavailable': () => new FareboxError('unavailable', 'The store cannot answer'),
  'an error of a driver': () => new TypeError('fetch failed: redis://user:canary-secret@host'),
}

/** A store in which one method fails, and everything else works. */
function failing(store: Store, [side, method]: Part, failure: () => Error): Store {
  const broken = new Proxy(store[side], {
    get: (target, name, receiver) => (name === method ? () => Promise.reject(failure()) : Reflect.get(target, name, receiver)),
  })
  return { ...store, [side]: broken }
}

for (const [failureName, failure] of Object.entries(failures)) {
  for (const part of parts) {
    test(`no gate opens when ${part.join('.')} fails with ${failureName}, but where the feature says so`, async () => {
      const farebox = createFarebox({ catalog, store: failing(memoryStore(), part, failure) })
      const gates = [
        ['strict', () => farebox.consume({ customer, feature: 'strict' })],
        ['strict', () => farebox.reserve({ customer, feature: 'strict', atMost: 1 })],
        ['lenient', () => farebox.consume({ customer, feature: 'lenient' })],
        ['strict', () => farebox.check({ customer, feature: 'strict' })],
        ['exports', () => farebox.check({ customer, feature: 'exports' })],
        ['preview', () => farebox.check({ customer, feature: 'preview' })],
      ] as const

      for (const [feature, ask] of gates) {
        const decision = await ask()
        const mayFail = catalog.features[feature].onError === 'allow'
        const undecided = { allowed: mayFail, drawn: [], limit: 0 }
        // Only an answer of a part that works may say otherwise.
        expect(decision).toMatchObject(decision.reason === 'unavailable' ? undecided : { allowed: true, reason: 'allowed' })
        expect(JSON.stringify(decision)).not.toContain('canary')
      }
    })
  }
}

test('a store that fails is asked anew, and what it counted meanwhile stays counted', async () => {
  const store = memoryStore()
  const working = createFarebox({ catalog, store })
  await working.consume({ customer, feature: 'strict', amount: 5 })

  const broken = createFarebox({ catalog, store: failing(store, ['records', 'load'], failures.unavailable) })
  expect(await broken.consume({ customer, feature: 'strict' })).toMatchObject({ allowed: false, reason: 'unavailable' })
  expect(await working.consume({ customer, feature: 'strict' })).toMatchObject({ allowed: false, reason: 'quota-exceeded', used: 5 })
})
