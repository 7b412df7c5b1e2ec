import { invalidRequest } from '../errors.ts'

/** The JSON object that a control request carries; an empty body is an empty object. */
export async function readJsonObject(request: Request): Promise<ReadonlyMap<string, unknown>> {
  const text = await request.text()
  if (text.trim() === '') return new Map()
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return new Map(Object.entries(body))
  } catch {
    // Answered below: whatever is wrong with the text, the caller has to send an object.
  }
  throw invalidRequest('Send a JSON object.')
}

/** Refuses names that a control request does not take. */
export function refuseOthers(given: ReadonlyMap<string, unknown>, allowed: readonly string[], within = ''): void {
  for (const name of given.keys()) {
    if (!allowed.includes(name)) {
      const message = `Received unknown parameter: ${within}${name}. It takes ${allowed.join(', ')}.`
      throw invalidRequest(message, { code: 'parameter_unknown', param: `${within}${name}` })
    }
  }
}

/** A number within bounds, or undefined when it is not given. */
export function readNumber(
  given: ReadonlyMap<string, unknown>,
  name: string,
  bounds: { readonly least: number; readonly most: number; readonly isWhole?: boolean },
): number | undefined {
  const value = given.get(name)
  if (value === undefined) return undefined
  const isRight =
    typeof value === 'number' && value >= bounds.least && value <= bounds.most && (!bounds.isWhole || Number.isInteger(value))
  if (isRight) return value
  const kind = bounds.isWhole === true ? 'a whole number' : 'a number'
  throw invalidRequest(`${name} must be ${kind} from ${bounds.least} to ${bounds.most}`, { param: name })
}

/** A boolean, or undefined when it is not given. */
export function readBoolean(given: ReadonlyMap<string, unknown>, name: string): boolean | undefined {
  const value = given.get(name)
  if (value === undefined || typeof value === 'boolean') return value
  throw invalidRequest(`${name} must be true or false`, { param: name })
}

/** One of these texts, or undefined when none is given. */
export function readChoice<Choice extends string>(given: ReadonlyMap<string, unknown>, name: string, choices: readonly Choice[]): Choice | undefined {
  const value = given.get(name)
  const known = choices.find((choice) => choice === value)
  if (value === undefined || known !== undefined) return known
  throw invalidRequest(`${name} must be ${choices.join(' or ')}`, { param: name })
}

/** The fields that have a value. */
export function pickGiven<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Fields[Name] & ({} | null) } {
  const kept: { [Name in keyof Fields]?: Fields[Name] & ({} | null) } = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** Non-empty text, or undefined when it is not given. */
export function readText(given: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = given.get(name)
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw invalidRequest(`${name} must be text`, { param: name })
}

/** The texts that a body of nothing but texts has; a body with others is refused. */
export function readTexts<Name extends string>(given: ReadonlyMap<string, unknown>, names: readonly Name[]): { [Text in Name]?: string } {
  refuseOthers(given, names)
  const texts: { [Text in Name]?: string } = {}
  for (const name of names) {
    const text = readText(given, name)
    if (text !== undefined) texts[name] = text
  }
  return texts
}
