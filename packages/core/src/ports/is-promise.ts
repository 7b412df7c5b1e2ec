/**
 * Whether a value is yet to come, told by what it has, as `await` does: a promise of another realm, as a sandbox gets from its host, is no
 * instance of `Promise`, nor is that of an async function where a tool has put something in the place of `Promise`; and what a call to
 * another Worker answers is a function.
 */
export function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  // Any object may be asked for it. `in` is slower where values are of many shapes, and each count passes here.
  return (value as { readonly then?: unknown }).then !== undefined
}
