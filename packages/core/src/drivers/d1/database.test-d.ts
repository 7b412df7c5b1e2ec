import type { D1Database as Binding } from '@cloudflare/workers-types'
import { expectTypeOf, it } from 'vitest'
import { d1Store, migrate } from './index.ts'

it('takes the binding of a Worker as it is', () => {
  expectTypeOf(d1Store).toBeCallableWith({ database: {} as Binding })
  expectTypeOf(migrate).toBeCallableWith({} as Binding)
})

it('takes nothing else', () => {
  // @ts-expect-error A database of another kind
  expectTypeOf(d1Store).toBeCallableWith({ database: { prepare: () => undefined } })
})
