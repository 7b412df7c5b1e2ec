/**
 * What `previous_attributes` of an event holds: the former values of what changed, nested objects reduced to
 * their changed fields, arrays and lists whole. Undefined when nothing changed.
 */
export function changedAttributes(before: object, after: object): Readonly<Record<string, unknown>> | undefined {
  const next = new Map(Object.entries(after))
  const changes: Record<string, unknown> = {}
  for (const [field, old] of Object.entries(before)) {
    const now: unknown = next.get(field)
    if (old === now || JSON.stringify(old) === JSON.stringify(now)) continue
    const nested = isPlain(old) && isPlain(now) ? changedAttributes(old, now) : undefined
    changes[field] = nested ?? old
  }
  for (const field of next.keys()) if (!(field in before)) changes[field] = null
  return Object.keys(changes).length === 0 ? undefined : changes
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
