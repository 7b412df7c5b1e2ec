import { expect, it } from 'vitest'
import { findLayerFaults } from './check-layers.mjs'

/** @param {Record<string, string>} files */
function faults(files) {
  return findLayerFaults(new Map(Object.entries(files)))
}

it('accepts imports that go down', () => {
  expect(
    faults({
      'packages/core/src/use-cases/consume.ts': "import { plan } from '../domain/plan.ts'",
      'packages/core/src/http/routes.ts': "import { consume } from '../use-cases/consume.ts'\nimport * as z from 'zod/mini'",
      'packages/core/src/domain/plan.ts': 'export const plan = 1',
      'packages/react/src/index.ts': "import { createClient } from '@farebox/core/client'",
    }),
  ).toEqual([])
})

it('accepts what all use-cases share, folders that come before, and what a context names', () => {
  expect(
    faults({
      'packages/core/src/use-cases/counting/consume.ts': "import '../decisions/question.ts'\nimport '../wait.ts'\nimport './take.ts'",
      'packages/core/src/use-cases/context.ts': "import type { Question } from './decisions/question.ts'",
    }),
  ).toEqual([])
})

it.each([
  ['a value from a layer above', 'packages/core/src/domain/plan.ts', "import { consume } from '../use-cases/consume.ts'"],
  ['a type from a layer above', 'packages/core/src/ports/clock.ts', "import type { Me } from '../protocol/me.ts'"],
  ['a re-export from a layer above', 'packages/core/src/errors/error.ts', "export { plan } from '../domain/plan.ts'"],
  ['a dynamic import from a layer above', 'packages/core/src/errors/error.ts', "await import('../domain/plan.ts')"],
  ['a port in the browser store', 'packages/core/src/client/store.ts', "import type { Clock } from '../ports/clock.ts'"],
  ['a use-case in a driver', 'packages/core/src/drivers/memory/a.ts', "import '../../use-cases/consume.ts'"],
  ['a package in a layer that needs none', 'packages/core/src/domain/plan.ts', "import * as z from 'zod/mini'"],
  ['a driver in another driver', 'packages/core/src/drivers/stripe/a.ts', "import '../memory/index.ts'"],
  ['a use-case in one of a folder before', 'packages/core/src/use-cases/customers/a.ts', "import '../webhooks/b.ts'"],
  ['a folder in what all use-cases share', 'packages/core/src/use-cases/wait.ts', "import './counting/b.ts'"],
  ['a use-case in a folder of its own making', 'packages/core/src/use-cases/helpers/a.ts', "import '../wait.ts'"],
  ['a folder of the simulator in one before', 'packages/stripe-simulator/src/lifecycle/amounts/a.ts', "import '../due/b.ts'"],
  ['a file without a layer', 'packages/core/src/helpers/a.ts', "import '../errors/error.ts'"],
  ['a vendor outside its driver', 'packages/core/src/use-cases/a.ts', "import { SignJWT } from 'jose'"],
  ['Node in core', 'packages/core/src/use-cases/a.ts', "import { createHash } from 'node:crypto'"],
  ['the server in React', 'packages/react/src/a.ts', "import { createFarebox } from '@farebox/core'"],
  ['an adapter in an adapter', 'packages/next-adapter/src/a.ts', "import { mount } from '@farebox/hono'"],
  ['a path into another package', 'packages/react/src/a.ts', "import '../../core/src/index.ts'"],
])('refuses %s', (_, path, text) => {
  expect(faults({ [path]: text })).toHaveLength(1)
})

it('refuses a cycle, of types too', () => {
  expect(
    faults({
      'packages/cli/src/a.ts': "import type { B } from './b.ts'",
      'packages/cli/src/b.ts': "import type { A } from './a.ts'",
    }),
  ).toEqual(['cycle: packages/cli/src/a.ts -> packages/cli/src/b.ts -> packages/cli/src/a.ts'])
})

it('leaves tests alone', () => {
  expect(faults({ 'packages/core/src/domain/plan.test.ts': "import '../use-cases/consume.ts'" })).toEqual([])
})
