import { invalidRequest } from '../errors.ts'

/** A decoded parameter: text, or nested parameters by name (list entries by their index). */
export type FormValue = string | FormParameters
export type FormParameters = ReadonlyMap<string, FormValue>

type Branch = Map<string, string | Branch>

const deepest = 12

/** Decodes `application/x-www-form-urlencoded` with nested names such as `items[0][price]` and `expand[]`. */
export function decodeForm(encoded: string): FormParameters {
  const root: Branch = new Map()
  for (const [name, value] of new URLSearchParams(encoded)) place(root, namePath(name), value, name)
  return root
}

/** A nested name in Stripe's bracket form. */
export function bracketName(path: readonly string[]): string {
  const [first = '', ...rest] = path
  return first + rest.map((part) => `[${part}]`).join('')
}

function namePath(name: string): string[] {
  const open = name.indexOf('[')
  if (open < 0) return [name]
  const rest = name.slice(open)
  const parts = [...rest.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? '')
  const isWellFormed = open > 0 && parts.reduce((length, part) => length + part.length + 2, 0) === rest.length
  if (!isWellFormed || parts.length > deepest) throw invalidRequest(`Invalid parameter name: ${name}`, { param: name })
  return [name.slice(0, open), ...parts]
}

function place(root: Branch, path: readonly string[], value: string, name: string): void {
  let branch = root
  for (const [index, part] of path.entries()) {
    const key = part === '' ? String(branch.size) : part
    const existing = branch.get(key)
    if (index === path.length - 1) {
      if (existing instanceof Map) throw invalidRequest(`Invalid parameter: ${name}`, { param: name })
      branch.set(key, value)
      return
    }
    if (typeof existing === 'string') throw invalidRequest(`Invalid parameter: ${name}`, { param: name })
    const next: Branch = existing ?? new Map()
    branch.set(key, next)
    branch = next
  }
}
