import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** A schema as published in `data/`: JSON Schema plus the `x-` marks that `data/README.md` explains. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'boolean'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly format?: string
  readonly nullable?: boolean
  readonly $ref?: string
  readonly 'x-emptyable'?: boolean
  readonly 'x-expandable'?: readonly string[]
  readonly 'x-list-of'?: Schema
  readonly 'x-open-enum'?: boolean
  readonly 'x-absent'?: boolean
}

/** One published endpoint with the schema of its parameters. */
export interface PublishedRequest {
  /** Verb and path, such as `POST /v1/customers/{id}`. */
  readonly http: string
  /** Name of the answered type, such as `list<Customer>`. */
  readonly returns: string
  readonly request: Schema
}


/** Every billing endpoint of the published API, answered by the simulator or not. */
export function publishedEndpoints(): readonly { readonly operation: string; readonly http: string }[] {
  return require('#data/endpoints.json')
}

const requestsRead = new Map<string, PublishedRequest>()

/** The published request of an operation such as `prices.create`. */
export function publishedRequest(operation: string): PublishedRequest {
  const known = requestsRead.get(operation)
  if (known !== undefined) return known
  const [resource, method] = operation.split('.')
  const requests: Readonly<Record<string, PublishedRequest>> = require(`#data/requests/${resource}.json`)
  const found = requests[method ?? '']
  if (found === undefined) throw new Error(`No published request schema for ${operation}`)
  requestsRead.set(operation, found)
  return found
}

/** Snapshot event types, each with the name of the object it carries. */
export function publishedEventTypes(): Readonly<Record<string, string>> {
  return require('#data/event-types.json')
}

let thinTypes: ReadonlySet<string> | undefined

/** Thin event types. */
export function publishedThinEventTypes(): ReadonlySet<string> {
  if (thinTypes === undefined) {
    const types: readonly string[] = require('#data/thin-event-types.json')
    thinTypes = new Set(types)
  }
  return thinTypes
}

/**
 * The schema of objects whose `object` field has the given value, such as `checkout.session`;
 * undefined for objects that the simulator does not answer.
 */
export function publishedObject(objectName: string): Schema | undefined {
  return objectsByField().get(objectName)
}

const nulls = new Map<string, Readonly<Record<string, null>>>()

/** The fields that objects of a kind always have and that may be null, each null: what a new one has where nothing else is said. */
export function publishedNulls(objectName: string): Readonly<Record<string, null>> {
  const known = nulls.get(objectName)
  if (known !== undefined) return known
  const { properties = {}, required = [] } = publishedObject(objectName) ?? {}
  const found = Object.fromEntries(required.filter((name) => properties[name]?.nullable === true).map((name) => [name, null]))
  nulls.set(objectName, found)
  return found
}

/** The schema named in a `$ref` or `x-expandable`, such as `Price`; undefined when it is not part of the data. */
export function publishedType(typeName: string): Schema | undefined {
  return objectsByType().get(typeName)
}

let byField: ReadonlyMap<string, Schema> | undefined
let byType: ReadonlyMap<string, Schema> | undefined

function objectsByField(): ReadonlyMap<string, Schema> {
  byField ??= new Map(
    objectFiles().flatMap((file) =>
      Object.values(readObjects(file))
        .filter((schema) => schema.properties?.['deleted']?.type !== 'boolean')
        .map((schema): [string, Schema] => [schema.properties?.['object']?.enum?.[0] ?? '', schema]),
    ),
  )
  return byField
}

function objectsByType(): ReadonlyMap<string, Schema> {
  byType ??= new Map(
    objectFiles()
      .filter((file) => file !== 'billing-portal-sessions.json')
      .flatMap((file) => Object.entries(readObjects(file))),
  )
  return byType
}

function readObjects(file: string): Readonly<Record<string, Schema>> {
  return require(`#data/objects/${file}`)
}

function objectFiles(): string[] {
  return readdirSync(join(dirname(require.resolve('#data/endpoints.json')), 'objects')).toSorted()
}
