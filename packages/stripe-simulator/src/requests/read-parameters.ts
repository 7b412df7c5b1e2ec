import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import type { Schema } from '../published-data.ts'
import { bracketName, type FormParameters, type FormValue } from './decode-form.ts'

const longestText = 5000

/**
 * Reads decoded parameters by the published schema of an operation and answers plain values: text, integers,
 * booleans, arrays, objects, and null for a value that was cleared with an empty string.
 * Refuses, in this order: names that the schema does not have (400 `parameter_unknown`), names that the
 * simulator does not simulate (501 `simulator_unsupported`), values of a wrong form, missing required names.
 * `supported` lists names such as `items.price`; each covers everything nested below it.
 */
export function readParameters(schema: Schema, supported: readonly string[], given: FormParameters): unknown {
  refuseUnknown(schema, given)
  refuseUnsupported(supported, given, [], [])
  return readObject(schema, given, [])
}

function refuseUnknown(schema: Schema, given: FormParameters): void {
  const unknown = unknownNames(schema, given, [])
  const [first] = unknown
  if (first === undefined) return
  const message = `Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`
  throw invalidRequest(message, { code: 'parameter_unknown', param: first })
}

function unknownNames(schema: Schema, value: FormValue, path: readonly string[]): string[] {
  if (typeof value === 'string') return []
  if (schema.anyOf !== undefined) {
    const shaped = schema.anyOf.find((alternative) => alternative.type === 'object' || alternative.type === 'array')
    return shaped === undefined ? [] : unknownNames(shaped, value, path)
  }
  if (schema.type !== 'array' && schema.type !== 'object') return []
  return [...value].flatMap(([name, nested]) => {
    const here = [...path, name]
    const nestedSchema = schema.type === 'array' ? schema.items : schemaOf(schema, name)
    return nestedSchema === undefined ? [bracketName(here)] : unknownNames(nestedSchema, nested, here)
  })
}

function refuseUnsupported(
  supported: readonly string[],
  value: FormParameters,
  path: readonly string[],
  names: readonly string[],
): void {
  for (const [name, nested] of value) {
    const here = [...path, name]
    const namesHere = /^\d+$/.test(name) ? names : [...names, name]
    const dotted = namesHere.join('.')
    if (dotted === 'expand' || supported.includes(dotted)) continue
    const isOnTheWay = supported.some((entry) => entry.startsWith(`${dotted}.`))
    if (!isOnTheWay) throw unsupported(`the parameter ${bracketName(here)} here`, bracketName(here))
    if (typeof nested !== 'string') refuseUnsupported(supported, nested, here, namesHere)
  }
}

function readValue(schema: Schema, value: FormValue, path: readonly string[]): unknown {
  if (value === '' && (schema.nullable === true || schema['x-emptyable'] === true)) return null
  if (schema.anyOf !== undefined) return readAlternative(schema.anyOf, value, path)
  if (schema.type === 'object') return readObject(schema, value, path)
  if (schema.type === 'array') return readArray(schema, value, path)
  return readScalar(schema, schema.type ?? 'string', value, path)
}

function readObject(schema: Schema, value: FormValue, path: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'string') throw invalidRequest('Invalid object', { param: bracketName(path) })
  const read: Record<string, unknown> = {}
  for (const [name, nested] of value) {
    const nestedSchema = schemaOf(schema, name)
    if (nestedSchema === undefined) continue
    Object.defineProperty(read, name, {
      value: readValue(nestedSchema, nested, [...path, name]),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  const missing = schema.required?.find((name) => !value.has(name))
  if (missing !== undefined) throw missingParameter(bracketName([...path, missing]))
  return read
}

function readArray(schema: Schema, value: FormValue, path: readonly string[]): unknown[] {
  const entries = typeof value === 'string' ? undefined : [...value]
  if (entries === undefined || entries.some(([name]) => !/^\d+$/.test(name))) {
    throw invalidRequest('Invalid array', { param: bracketName(path) })
  }
  return entries
    .toSorted(([left], [right]) => Number(left) - Number(right))
    .map(([name, nested]) => readValue(schema.items ?? {}, nested, [...path, name]))
}

function readAlternative(alternatives: readonly Schema[], value: FormValue, path: readonly string[]): unknown {
  if (typeof value !== 'string') {
    const shaped = alternatives.find((alternative) => alternative.type === 'object' || alternative.type === 'array')
    if (shaped === undefined) throw invalidRequest('Invalid value', { param: bracketName(path) })
    return readValue(shaped, value, path)
  }
  const isInteger = /^-?\d+$/.test(value)
  const text = alternatives.find((alternative) => alternative.type === 'string')
  const number = alternatives.find((alternative) => alternative.type === 'number')
  const chosen = isInteger ? (number ?? text) : (text ?? number)
  if (chosen === undefined) throw invalidRequest('Invalid object', { param: bracketName(path) })
  return readValue(chosen, value, path)
}

function readScalar(
  schema: Schema,
  type: 'string' | 'number' | 'boolean',
  value: FormValue,
  path: readonly string[],
): string | number | boolean {
  const param = bracketName(path)
  if (typeof value !== 'string') throw invalidRequest(`Invalid ${type}`, { param })
  if (value === '') {
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`
    throw invalidRequest(message, { code: 'parameter_invalid_empty', param })
  }
  switch (type) {
    case 'number':
      return schema.format === 'decimal' ? readDecimal(value, param) : readInteger(value, param)
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw invalidRequest(`Invalid boolean: ${clip(value)}`, { param })
      return value === 'true'
    case 'string':
      return readText(schema, value, param)
  }
}

function readInteger(value: string, param: string): number {
  const number = Number(value)
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw invalidRequest(`Invalid integer: ${clip(value)}`, { code: 'parameter_invalid_integer', param })
  }
  return number
}

function readDecimal(value: string, param: string): number {
  if (!/^-?\d+(\.\d{1,4})?$/.test(value)) throw invalidRequest(`Invalid decimal: ${clip(value)}; at most 4 decimal places`, { param })
  return Number(value)
}

function readText(schema: Schema, value: string, param: string): string {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const allowed = schema.enum.length > 20 ? 'one of the published values' : `one of ${schema.enum.join(', ')}`
    throw invalidRequest(`Invalid ${param}: must be ${allowed}`, { param })
  }
  if (schema.format === 'decimal' && !/^-?\d+(\.\d{1,12})?$/.test(value)) {
    throw invalidRequest(`Invalid decimal: ${clip(value)}; at most 12 decimal places`, { param })
  }
  if (value.length > longestText) {
    throw invalidRequest(`Invalid string: ${clip(value)}; must be at most ${longestText} characters`, { param })
  }
  return value
}

function schemaOf(schema: Schema, name: string): Schema | undefined {
  const properties = schema.properties ?? {}
  return Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties
}

function clip(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}...` : value
}
