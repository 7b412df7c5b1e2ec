import * as z from 'zod/mini'
import type { Instant } from '../domain/instant.ts'
import { type Fault, FareboxError } from '../errors/error.ts'

/** The largest JSON body of a client, and of a webhook, in bytes. */
export const largestJson: number = 16 * 1024
export const largestDelivery: number = 1024 * 1024

/**
 * The bytes of a body. Reads no further than `most`.
 *
 * @throws FareboxError `invalid-request`, with reason `payload-too-large` for one that is longer; `invalid-configuration`
 * when somebody has read it before.
 */
export async function readBytes(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed) {
    throw new FareboxError('invalid-configuration', 'Let nothing read the body before Farebox does', { reason: 'body-was-read' })
  }
  if (Number(request.headers.get('content-length') ?? '0') > most) throw tooLarge(most)
  const chunks: Uint8Array[] = []
  let size = 0
  for (const reader = request.body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read().catch(brokenOff)
    if (done) break
    size += value.byteLength
    if (size > most) {
      await reader.cancel()
      throw tooLarge(most)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** A text of at most so many characters. */
export function text(longest: number): z.ZodMiniString<string> {
  return z.string().check(z.maxLength(longest))
}

/** An instant of ISO 8601, in UTC. */
export const instantText: z.ZodMiniString<string> = z.string().check(z.refine(isInstant))

/** The instant of an {@link instantText}; `null` where none was given. */
export function toInstant(given: string | null | undefined): Instant | null {
  return typeof given === 'string' ? Date.parse(given) : null
}

/** Days that no month has would count as days of the next one. */
function isInstant(value: string): boolean {
  const instant = Date.parse(value)
  const isNamed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && Number.isFinite(instant)
  return isNamed && new Date(instant).toISOString().startsWith(value.slice(0, 10))
}

/** A JSON body that fits `schema`, as {@link readValue} reads it. @throws FareboxError `invalid-request` with every fault's path. */
export async function readJson<Schema extends z.ZodMiniType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  return parseWith(schema, await readValue(request))
}

/** A JSON body; an absent one is an empty object. @throws FareboxError `invalid-request` where it is none. */
export async function readValue(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, largestJson)
  if (bytes.byteLength > 0 && !isJson(request)) {
    throw invalid([{ path: 'content-type', message: 'Send application/json' }])
  }
  return bytes.byteLength === 0 ? {} : decode(bytes)
}

/** A query that fits `schema`; of a name that is given twice the last counts. @throws FareboxError as {@link parseWith} does. */
export function readQuery<Schema extends z.ZodMiniType>({ url }: Request, schema: Schema): z.output<Schema> {
  return parseWith(schema, Object.fromEntries(new URL(url).searchParams))
}

/** Whether a request says that its body is JSON, which no form of another site can say. */
export function isJson({ headers }: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')
}

/** `value` if it fits `schema`. @throws FareboxError `invalid-request` with every fault's path. */
export function parseWith<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = z.safeParse(schema, value)
  if (result.success) return result.data
  throw invalid(result.error.issues.flatMap(faultsOf))
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: isTellable(key) ? key : 'body', message: 'Leave out what is not known here' }))
  }
  const message = issue.code === 'invalid_type' ? 'Give a value of the right type' : 'Give one of the accepted values'
  return [{ path: issue.path.join('.') || 'body', message }]
}

/** A name from outside is repeated only where it is plainly a name. */
function isTellable(key: string): boolean {
  return /^\w{1,64}$/.test(key)
}

function decode(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw invalid([{ path: 'body', message: 'Send valid JSON in UTF-8' }])
  }
}

function brokenOff(): never {
  throw invalid([{ path: 'body', message: 'Send the whole body' }])
}

function tooLarge(most: number): FareboxError {
  return new FareboxError('invalid-request', 'The body is too large', {
    reason: 'payload-too-large',
    faults: [{ path: 'body', message: `Send at most ${most} bytes` }],
  })
}

function invalid(faults: readonly Fault[]): FareboxError {
  return new FareboxError('invalid-request', 'The request is not valid', { faults })
}
