import type { Fault } from '../errors/error.ts'
import { isWhole } from './amount.ts'

/**
 * A value that somebody gave, and where it stands. Whatever is read of it reports what is wrong and answers with something
 * valid instead, so that all faults are told at once; a catalog with faults is refused in the end.
 */
export class Given {
  readonly value: unknown
  readonly path: string
  #faults: Fault[]

  constructor(value: unknown, path: string, faults: Fault[]) {
    this.value = value
    this.path = path
    this.#faults = faults
  }

  /** Notes what is wrong, here or further in. */
  fault(message: string, name?: string): undefined {
    this.#faults.push({ path: name === undefined ? this.path : join(this.path, name), message })
  }

  /** A part of a plain object or a list; its value is `usual` where there is none. */
  at(name: string | number, usual?: unknown): Given {
    const { value } = this
    const whole: object = isPlainObject(value) || Array.isArray(value) ? value : {}
    const part: unknown = Object.hasOwn(whole, name) ? Reflect.get(whole, name) : undefined
    return this.of(name, part === undefined ? usual : part)
  }

  /** What goes by `name` here; `null` is this very place. */
  of(name: string | number | null, value: unknown): Given {
    return new Given(value, name === null ? this.path : join(this.path, `${name}`), this.#faults)
  }

  /** The names in a plain object; those that are not `known` are reported. Any other value is reported once, and nothing of it after that. */
  names(known?: readonly string[]): readonly string[] {
    const { value } = this
    if (!isPlainObject(value)) {
      this.fault('Give an object')
      this.#faults = []
      return []
    }
    const names = Object.entries(value).flatMap(([name, entry]) => (entry === undefined ? [] : [name]))
    for (const name of names) {
      if (known?.includes(name) === false) this.fault(`There is no such setting; there are ${known.join(', ')}`, name)
    }
    return names
  }

  /** Text of 1 to `longest` characters, not blank; where nothing was given, `usual`. */
  text<Usual = string>(longest: number, usual?: Usual): string | Usual {
    const { value } = this
    if (value === undefined && usual !== undefined) return usual
    if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return value
    this.fault(`Give a text of 1 to ${longest} characters`)
    return ''
  }

  /** True or false; where nothing was given, `usual`. */
  flag(usual = false): boolean {
    const { value } = this
    if (value === undefined) return usual
    if (typeof value !== 'boolean') this.fault('Give true or false')
    return value === true
  }

  /** A whole number in `[least, most]`; where nothing was given, `usual`. */
  whole<Usual = number>(least: number, most: number, usual?: Usual): number | Usual {
    const { value } = this
    if (value === undefined && usual !== undefined) return usual
    if (isWhole(value, least, most)) return value
    this.fault(`Give a whole number from ${least} to ${most}`)
    return least
  }

  /** One of `choices`; where nothing was given, `usual`. */
  choice<Choice extends string>(choices: readonly [Choice, ...Choice[]], usual?: Choice): Choice {
    const { value = usual } = this
    const found = choices.find((choice) => choice === value)
    if (found === undefined) this.fault(`Give one of ${choices.join(', ')}`)
    return found ?? choices[0]
  }

  /** A frozen copy of a value that JSON can carry without loss. */
  json(depth = 0): unknown {
    const { value } = this
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value
    if (depth > deepest) return this.fault(`Nest at most ${deepest} levels`)
    if (Array.isArray(value)) return Object.freeze(Array.from(value, (_, index) => this.at(index).json(depth + 1)))
    if (isPlainObject(value) && !Object.hasOwn(value, '__proto__')) {
      return Object.freeze(Object.fromEntries(Object.keys(value).map((name) => [name, this.at(name).json(depth + 1)])))
    }
    return this.fault('Give a value that JSON can carry: text, finite number, boolean, null, list or plain object')
  }

  /**
   * The parts of a record by name: a small letter, then up to 63 letters, digits or hyphens. Names that every object has
   * (`constructor`, `toString`) are refused.
   */
  named(): readonly (readonly [string, Given])[] {
    return this.names().flatMap((name) => {
      if (!/^[a-z][A-Za-z0-9-]{0,63}$/.test(name)) {
        this.fault('Begin the name with a small letter, then use up to 63 letters, digits and hyphens', name)
      } else if (name in {}) {
        this.fault('Choose another name: every object has something of this name', name)
      } else {
        return [[name, this.at(name)] as const]
      }
      return []
    })
  }
}

/** Deeper values are cycles or no settings. */
const deepest = 16

/** A record without a prototype, so that looking up an unknown name never finds what every object has. */
export function frozenRecord<Value extends object>(value: Value): Readonly<Value> {
  const bare: object = Object.create(null)
  return Object.freeze(Object.assign(bare, value))
}

/** As {@link frozenRecord}, of its entries. */
export function recordOf<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, Value>> {
  return frozenRecord(Object.fromEntries(entries))
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A catalog file may be evaluated in another realm, whose Object.prototype is not ours.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
