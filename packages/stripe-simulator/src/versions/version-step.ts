import type { Rendered } from '../responses/render.ts'
import type { Store } from '../store.ts'
import type { ApiVersion } from './api-versions.ts'

/** Rewrites one object for clients from before a version; the objects within it have been rewritten already. */
export type Rewrite = (object: Rendered, store: Store) => Rendered

/** What one API version changed in the shape of bodies, told backwards. */
export interface VersionStep {
  readonly version: ApiVersion
  /** By the `object` field of what is rewritten. */
  readonly before: Readonly<Record<string, Rewrite>>
}

/** An object without some of its fields. */
export function without(object: Rendered, ...fields: readonly string[]): Rendered {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)))
}

/** A nested value by its path; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined), value)
}

/** The entries of a list that is part of an object. */
export function entriesOf(list: unknown): readonly Rendered[] {
  const data: unknown = Array.isArray(list) ? list : at(list, 'data')
  return Array.isArray(data) ? data.filter((entry): entry is Rendered => typeof entry === 'object' && entry !== null) : []
}
