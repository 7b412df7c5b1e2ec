/** What a record has under a name by itself, never what every object has. */
export function entryOf<Value>(record: Readonly<Record<string, Value>>, name: string | null): Value | undefined {
  return name !== null && Object.hasOwn(record, name) ? record[name] : undefined
}
