/** Notes what is wrong and where; parsing goes on, so that all faults are told at once. */
export type Report = (path: string, message: string) => undefined

/** A plain object as its own entries, or `undefined` with a report. Names outside `known` are reported. */
export function parseObject(
  value: unknown,
  path: string,
  report: Report,
  known?: readonly string[],
): ReadonlyMap<string, unknown> | undefined {
  if (!isPlainObject(value)) return report(path, 'Give an object')
  const entries = new Map(Object.entries(value).filter(([, entry]) => entry !== undefined))
  if (known !== undefined) {
    for (const name of entries.keys()) {
      if (!known.includes(name)) report(join(path, name), `There is no such setting; there are ${known.join(', ')}`)
    }
  }
  return entries
}

/** Text of 1 to `longest` characters, not blank. */
export function parseText(value: unknown, path: string, report: Report, longest: number): string | undefined {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return value
  return report(path, `Give a text of 1 to ${longest} characters`)
}

/** A boolean; `undefined` counts as `false`. */
export function parseFlag(value: unknown, path: string, report: Report): boolean {
  if (value !== undefined && typeof value !== 'boolean') report(path, 'Give true or false')
  return value === true
}

/** A whole number in `[least, most]`. */
export function parseWhole(value: unknown, path: string, report: Report, least: number, most: number): number | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  return report(path, `Give a whole number from ${least} to ${most}`)
}

/** One of `choices`. */
export function parseChoice<Choice extends string>(
  value: unknown,
  path: string,
  report: Report,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === value) ?? report(path, `Give one of ${choices.join(', ')}`)
}

/**
 * The name of a feature or plan: a small letter, then up to 63 letters, digits or hyphens. Names that every object has
 * (`constructor`, `toString`) are refused.
 */
export function parseName(name: string, path: string, report: Report): string | undefined {
  if (!/^[a-z][A-Za-z0-9-]{0,63}$/.test(name)) {
    return report(path, 'Begin the name with a small letter, then use up to 63 letters, digits and hyphens')
  }
  if (name in {}) return report(path, 'Choose another name: every object has something of this name')
  return name
}

/** A frozen copy of a value that JSON can carry without loss. */
export function parseJson(value: unknown, path: string, report: Report, depth = 0): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value
  if (depth > deepest) return report(path, `Nest at most ${deepest} levels`)
  if (Array.isArray(value)) {
    return Object.freeze(Array.from(value, (item, index) => parseJson(item, join(path, String(index)), report, depth + 1)))
  }
  if (isPlainObject(value) && !Object.hasOwn(value, '__proto__')) {
    const entries = Object.entries(value).map(([name, item]) => [name, parseJson(item, join(path, name), report, depth + 1)])
    return Object.freeze(Object.fromEntries(entries))
  }
  return report(path, 'Give a value that JSON can carry: text, finite number, boolean, null, list or plain object')
}

/** Deeper values are cycles or no settings. */
const deepest = 16

/** A record without a prototype, so that looking up an unknown name never finds what every object has. */
export function frozenRecord<Value extends object>(value: Value): Readonly<Value> {
  const bare: object = Object.create(null)
  return Object.freeze(Object.assign(bare, value))
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A catalog file may be evaluated in another realm, whose Object.prototype is not ours.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
