import { mayShare } from './may-share.ts'

/**
 * Answers what it is given, and keeps the latest. V8 forgets code that is fast on objects once none like them is left at a collection:
 * where only calls make them, the first calls after it would be slow. Nothing is kept where what a request made ends with it.
 */
export function keepLatest<Value>(): (value: Value) => Value {
  const kept: { value?: Value } = {}
  return mayShare ? (value) => (kept.value = value) : (value) => value
}
