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
 * `shape` makes what is filled in look like the rest of the answer.
 */
export function expand(
  store: Store,
  body: Rendered,
  paths: readonly string[],
  shape: (rendered: Rendered) => Rendered,
): Rendered {
  return paths.reduce<Rendered>((expanded, path) => {
    const result = expandIn({ store, shape, path }, expanded, {}, path.split('.'))
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
    // Such as `Customer`, `list<Customer>` or `DeletedCustomer | Customer`.
    const root = objectName === undefined ? publishedType(/\w+(?=>?$)/.exec(returns)?.[0] ?? '') : publishedObject(objectName)
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
  if (property.additionalProperties !== undefined) {
    // A map: its keys are the caller's, such as currencies.
    const [, ...inside] = rest
    return inside.length === 0 ? 'impossible' : expandability(property.additionalProperties, inside)
  }
  const list = property['x-list-of']
  if (list === undefined) return expandability(property.items ?? property, rest)
  return rest[0] === 'data' ? expandability(list, rest.slice(1)) : 'impossible'
}

function resolve(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (publishedType(schema.$ref.replace('#/objects/', '')) ?? schema)
}

interface Expansion {
  readonly store: Store
  readonly shape: (rendered: Rendered) => Rendered
  readonly path: string
}

/** The object that a value is part of, and the name that it has there. */
interface Place {
  readonly id?: string | undefined
  readonly name?: string
}

function expandIn(expansion: Expansion, value: unknown, place: Place, segments: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => expandIn(expansion, entry, place, segments))
  if (typeof value === 'string') return expandIn(expansion, renderById(expansion, value), place, segments)
  const [segment, ...rest] = segments
  if (segment === undefined || !isRecord(value)) return value
  const id = typeof value['id'] === 'string' ? value['id'] : place.id
  const current = segment in value ? value[segment] : shaped(expansion, included(expansion.store, id, segment, place.name))
  return { ...value, [segment]: expandIn(expansion, current, { id, name: segment }, rest) }
}

function shaped({ shape }: Expansion, value: unknown): unknown {
  return isRecord(value) ? shape(value) : value
}

function renderById({ store, shape, path }: Expansion, id: string): Rendered {
  const found = findAnywhere(store, id)
  if (found === undefined) throw unsupported(`the object ${id}, so ${path} cannot be expanded`, 'expand')
  return shape(render(store, found))
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}

function isRecord(value: unknown): value is Rendered {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
