import { publishedObject, publishedType, type Schema } from '../src/published-data.ts'

/** Every way in which a value departs from a published schema, each with the path to it. */
function departures(schema: Schema, value: unknown, path: string): string[] {
  if (value === undefined) return schema['x-absent'] === true ? [] : [`${path}: missing`]
  if (schema['x-absent'] === true) return [`${path}: must be absent`]
  if (value === null) return schema.nullable === true ? [] : [`${path}: null`]
  if (schema.$ref !== undefined) {
    const type = publishedType(schema.$ref.replace('#/objects/', ''))
    return type === undefined ? [] : departures(type, value, path)
  }
  if (schema['x-list-of'] !== undefined) return departuresOfList(schema['x-list-of'], value, path)
  if (schema['x-expandable'] !== undefined && typeof value === 'object') return departuresOfObject(value, path)
  if (schema.anyOf !== undefined) {
    return schema.anyOf.some((option) => departures(option, value, path).length === 0) ? [] : [`${path}: fits no option`]
  }
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${path}: not an array`]
    return value.flatMap((entry: unknown, index) => departures(schema.items ?? {}, entry, `${path}[${index}]`))
  }
  if (schema.type === 'object') return departuresOfFields(schema, value, path)
  if (schema.type !== undefined && typeof value !== schema.type) return [`${path}: ${typeof value}, not ${schema.type}`]
  if (schema.type === 'number' && schema.format !== 'decimal' && !Number.isSafeInteger(value)) return [`${path}: ${Number(value)} is not an integer`]
  if (typeof value !== 'string') return []
  if (schema.format === 'decimal' && !/^-?\d+(\.\d+)?$/.test(value)) return [`${path}: not a decimal`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: ${value} is not in the enum`]
  return []
}

/** Fields of objects without a published schema here, as the types of the `stripe` package name them. */
const fieldsByName: Readonly<Record<string, readonly string[]>> = {
  'billing.meter_event_summary': ['aggregated_value', 'end_time', 'id', 'livemode', 'meter', 'object', 'start_time'],
  event: ['api_version', 'created', 'data', 'id', 'livemode', 'object', 'pending_webhooks', 'request', 'type'],
  item: [
    'adjustable_quantity',
    'amount_discount',
    'amount_subtotal',
    'amount_tax',
    'amount_total',
    'currency',
    'description',
    'id',
    'metadata',
    'object',
    'price',
    'quantity',
  ],
}

/** The same for an object that names its own type in `object`; lists and deleted objects included. */
export function departuresOfObject(value: unknown, path = ''): string[] {
  if (isPageOfV2(value)) return value.data.flatMap((entry: unknown, index) => departuresOfObject(entry, `${path}.data[${index}]`))
  if (typeof value !== 'object' || value === null || !('object' in value)) return [`${path}: names no type`]
  if (value.object === 'list') return departuresOfList(undefined, value, path)
  if ('deleted' in value && value.deleted === true) return []
  // What is left of an object of API v2 that was deleted.
  if (Object.keys(value).join() === 'id,object' && String(value.object).startsWith('v2.')) return []
  const fields = fieldsByName[String(value.object)]
  if (fields !== undefined) {
    const found = Object.keys(value).toSorted()
    return found.join() === fields.join() ? [] : [`${path}: has the fields ${found.join()}`]
  }
  const schema = publishedObject(String(value.object))
  return schema === undefined ? [`${path}: no schema for ${String(value.object)}`] : departures(schema, value, path)
}

/** API v2 answers lists without saying so in `object`. */
function isPageOfV2(value: unknown): value is { readonly data: readonly unknown[] } {
  const page = Object(value)
  return 'next_page_url' in page && 'previous_page_url' in page && Array.isArray(page.data)
}

function departuresOfList(schema: Schema | undefined, value: unknown, path: string): string[] {
  const list = Object(value)
  if (list.object !== 'list' || !Array.isArray(list.data)) return [`${path}: not a list`]
  if (typeof list.has_more !== 'boolean' || typeof list.url !== 'string') return [`${path}: has_more or url is missing`]
  return list.data.flatMap((entry: unknown, index: number) => {
    const here = `${path}.data[${index}]`
    return schema === undefined ? departuresOfObject(entry, here) : departures(schema, entry, here)
  })
}

function departuresOfFields(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: not an object`]
  const fields = new Map<string, unknown>(Object.entries(Object(value)))
  const missing = (schema.required ?? []).filter((name) => !fields.has(name)).map((name) => `${path}.${name}: missing`)
  const wrong = [...fields].flatMap(([name, nested]) => {
    const nestedSchema = schema.properties?.[name] ?? schema.additionalProperties
    if (nestedSchema !== undefined) return departures(nestedSchema, nested, `${path}.${name}`)
    return schema.properties === undefined ? [] : [`${path}.${name}: not in the schema`]
  })
  return [...missing, ...wrong]
}
