import type { Rendered } from '../responses/render.ts'
import type { Store } from '../store.ts'
import { apiVersions } from './api-versions.ts'
import { basil } from './2025-03-31.basil.ts'
import { clover } from './2025-09-30.clover.ts'
import { dahlia } from './2026-03-25.dahlia.ts'
import { endive } from './2026-09-30.endive.ts'
import type { VersionStep } from './version-step.ts'

/** What changed the shape of bodies, newest first. Fields that were only added stay: Stripe shows them to older versions, too. */
const steps: readonly VersionStep[] = [endive, dahlia, clover, basil]

/** A body of the newest API version as an older one shows it. */
export function downgrade(store: Store, body: Rendered, version: string): Rendered {
  const wanted = apiVersions.findIndex((known) => known === version)
  return steps
    .filter((step) => apiVersions.indexOf(step.version) > wanted)
    .reduce<Rendered>((shaped, step) => rewrite(shaped, step, store), body)
}

function rewrite(body: Rendered, step: VersionStep, store: Store): Rendered {
  const inner = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, rewriteValue(value, step, store)]))
  const before = typeof inner['object'] === 'string' ? step.before[inner['object']] : undefined
  return before === undefined || inner['deleted'] === true ? inner : before(inner, store)
}

function rewriteValue(value: unknown, step: VersionStep, store: Store): unknown {
  if (Array.isArray(value)) return value.map((entry) => rewriteValue(entry, step, store))
  return isRecord(value) ? rewrite(value, step, store) : value
}

function isRecord(value: unknown): value is Rendered {
  return typeof value === 'object' && value !== null
}
