import { invalidRequest } from '../../errors/error.ts'

/** Rows are shallow; a value nested deeper than this is a mistake, such as a cycle. */
const deepest = 64

/**
 * A frozen copy as JSON would carry it, so that no caller shares a row with another and every record store keeps the
 * same: fields that are `undefined` are left out.
 *
 * @throws FareboxError `invalid-request` where JSON would lose something: dates, maps, functions, NaN, cycles.
 */
export function frozenJson<Value>(value: Value, path: string): Value {
  // The copy has the shape of what was copied: objects, arrays and scalars one by one.
  return copy(value, path, 0) as Value
}

/** What {@link frozenJson} would copy, as text, where nothing has to be kept of it. @throws FareboxError as it does. */
export function jsonText(value: object, path: string): string {
  return JSON.stringify(isPlain(value, 0) ? value : frozenJson(value, path))
}

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth > deepest) return false
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((item) => item === undefined || isPlain(item, depth + 1))
}

function copy(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  // JSON has no negative zero.
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value
  if (typeof value !== 'object' || depth > deepest) return refuse(path)
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item: unknown, index) => copy(item, `${path}.${index}`, depth + 1)))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return refuse(path)
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) entries.push([key, copy(item, `${path}.${key}`, depth + 1)])
  }
  return Object.freeze(Object.fromEntries(entries))
}

function refuse(path: string): never {
  throw invalidRequest('The row is not plain JSON', path, 'Give strings, finite numbers, booleans, null, arrays and plain objects')
}
