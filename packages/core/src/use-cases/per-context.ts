/** One of something for each context, or part of one, made when it is first asked for. Keeps nothing of it alive. */
export function perContext<Value extends object>(create: () => Value): (context: object) => Value {
  const known = new WeakMap<object, Value>()
  return (context) => {
    const value = known.get(context) ?? create()
    known.set(context, value)
    return value
  }
}
