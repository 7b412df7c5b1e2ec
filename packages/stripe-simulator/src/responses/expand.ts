import { invalidRequest, unsupported } from '../errors.ts'
import { publishedObject, publishedType, type Schema } from '../published-data.ts'
import { findAnywhere, type Store } from '../store.ts'
import { included, isIncludable } from './included.ts'
import { render, type Rendered } from './render.ts'

const deepestExpansion = 4

/**
 * Answers `body` with the ids at the given paths (such as `data.customer` or `latest_invoice.payments`) replaced by
 * their objects, and with fields that are only answered on request. A path that the published schema cannot expand
 * is refused as Stripe does; one that leads to an object that is not simulated is refused with 501.
 */
export function expand(store: Store, body: Rendered, paths: readonly string[]): Rendered {
  return paths.reduce<Rendered>((expanded, path) => {
    const result = expandIn(store, expanded, undefined, path.split('.'), path)
    return isRecord(result) ? result : expanded
  }, body)
}

/** Refuses paths that cannot be expanded in an answer of the published type, before anything is written. */
export function checkExpandable(returns: string, objectName: string | undefined, paths: readonly string[]): void {
  for (const path of paths) {
    const segments = path.split('.')
    const isList = returns.startsWith('list<')
    if (isList && segments.shift() !== 'data') throw cannotExpand(path)
    if (segments.length > deepestExpansion) {
      throw invalidRequest('You cannot expand more than 4 levels of a property.', { param: 'expand' })
    }
    const root = objectName === undefined ? undefined : publishedObject(objectName)
    if (root === undefined || !isPathExpandable(root, segments)) throw cannotExpand(path)
  }
}

function isPathExpandable(schema: Schema, segments: readonly string[]): boolean {
  const [segment, ...rest] = segments
  if (segment === undefined) return true
  const property = resolve(schema).properties?.[segment]
  if (property === undefined) return false
  const expandable = property['x-expandable']
  if (expandable !== undefined || property.items?.['x-expandable'] !== undefined) {
    const names = expandable ?? property.items?.['x-expandable'] ?? []
    if (rest.length === 0) return true
    const known = names.map(publishedType).filter((type) => type !== undefined)
    return known.length < names.length || known.some((type) => isPathExpandable(type, rest))
  }
  const list = property['x-list-of']
  if (list !== undefined) {
    if (rest.length === 0) return isIncludable(segment)
    return rest[0] === 'data' && isPathExpandable(list, rest.slice(1))
  }
  if (rest.length === 0) return isIncludable(segment)
  return isPathExpandable(property.items ?? property, rest)
}

function resolve(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (publishedType(schema.$ref.replace('#/objects/', '')) ?? schema)
}

function expandIn(
  store: Store,
  value: unknown,
  parent: string | undefined,
  segments: readonly string[],
  path: string,
): unknown {
  if (Array.isArray(value)) return value.map((entry) => expandIn(store, entry, parent, segments, path))
  if (typeof value === 'string') return expandIn(store, renderById(store, value, path), parent, segments, path)
  const [segment, ...rest] = segments
  if (segment === undefined || !isRecord(value)) return value
  const id = typeof value['id'] === 'string' ? value['id'] : parent
  const current = segment in value ? value[segment] : included(store, id, segment)
  return { ...value, [segment]: expandIn(store, current, id, rest, path) }
}

function renderById(store: Store, id: string, path: string): Rendered {
  const found = findAnywhere(store, id)
  if (found === undefined) throw unsupported(`the object ${id}, so ${path} cannot be expanded`, 'expand')
  return render(store, found)
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}

function isRecord(value: unknown): value is Rendered {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
