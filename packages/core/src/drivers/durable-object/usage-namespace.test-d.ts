import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { expectTypeOf, it } from 'vitest'
import { memoryStore } from '../memory/index.ts'
import { durableObjectStore, FareboxUsage } from './index.ts'

const { records } = memoryStore()

it('takes the binding of a Worker as it is, also that of a jurisdiction', () => {
  const namespace = {} as DurableObjectNamespace
  expectTypeOf(durableObjectStore).toBeCallableWith({ namespace, records })
  expectTypeOf(durableObjectStore).toBeCallableWith({ namespace: namespace.jurisdiction('eu'), records })
})

it('is made as workerd makes objects', () => {
  expectTypeOf(FareboxUsage).toBeConstructibleWith({} as DurableObjectState, {})
})

it('takes nothing else', () => {
  // @ts-expect-error A namespace of another kind
  expectTypeOf(durableObjectStore).toBeCallableWith({ namespace: { get: () => undefined }, records })
})
