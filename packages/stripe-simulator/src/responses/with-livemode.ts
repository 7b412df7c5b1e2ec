import type { Rendered } from './render.ts'

/** An answer whose objects all say in which mode they live. Objects are stored as those of test mode. */
export function withLivemode(body: Rendered, livemode: boolean): Rendered {
  return livemode ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, liven(name, value)])) : body
}

function liven(name: string, value: unknown): unknown {
  if (name === 'livemode' && value === false) return true
  if (Array.isArray(value)) return value.map((entry) => liven('', entry))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([nested, inner]) => [nested, liven(nested, inner)]))
}
