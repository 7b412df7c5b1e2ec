import { invalidRequest, unsupported } from '../errors.ts'
import { publishedObject, publishedType, type Schema } from '../published-data.ts'
import { findAnywhere, type Store } from '../store.ts'
import { includability, included } from './included.ts'
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

/**
 * Refuses paths that cannot be expanded in an answer of the published type, before anything is written. For a request
 * that writes, paths to objects that are not simulated are refused here as well; a read may still find them null.
 */
export function checkExpandable(
  returns: string,
  objectName: string | undefined,
  paths: readonly string[],
  isWrite: boolean,
): void {
  for (const path of paths) {
    const segments = path.split('.')
    const isList = returns.startsWith('list<')
    if (isList && segments.shift() !== 'data') throw cannotExpand(path)
    if (segments.length > deepestExpansion) {
      throw invalidRequest('You cannot expand more than 4 levels of a property.', { param: 'expand' })
    }
    const root = objectName === undefined ? undefined : publishedObject(objectName)
    const found = root === undefined ? 'impossible' : expandability(root, segments)
    if (found === 'impossible') throw cannotExpand(path)
    if (found === 'not-simulated' && isWrite) throw unsupported(`the field ${path}`, 'expand')
  }
}

type Expandability = 'possible' | 'not-simulated' | 'impossible'

function expandability(schema: Schema, segments: readonly string[]): Expandability {
  const [segment, ...rest] = segments
  if (segment === undefined) return 'possible'
  const property = resolve(schema).properties?.[segment]
  if (property === undefined) return 'impossible'
  const names = property['x-expandable'] ?? property.items?.['x-expandable']
  if (names !== undefined) {
    const known = names.map(publishedType).filter((type) => type !== undefined)
    const outcomes = known.map((type) => expandability(type, rest))
    return outcomes.find((outcome) => outcome !== 'impossible') ?? (known.length < names.length ? 'not-simulated' : 'impossible')
  }
  if (rest.length === 0) return includability(segment)
  const list = property['x-list-of']
  if (list === undefined) return expandability(property.items ?? property, rest)
  return rest[0] === 'data' ? expandability(list, rest.slice(1)) : 'impossible'
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
