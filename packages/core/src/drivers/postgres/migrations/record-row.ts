/** Row `r` of `farebox.records`: `value` is JSON already, so rows are put together as text and are parsed once. */
export const recordRow = `'[' || to_json(r.customer) || ',' || to_json(r.id) || ',' || r.revision || ',' || r.value || ']'`

/** Finds the rows of a collection by a field. */
export function createRecordIndex(collection: string, name: string, field: string): string {
  return `create index records_${collection}_${name} on farebox.records ((indexed -> '${field}'), customer, id)
  where collection = '${collection}' and indexed -> '${field}' is not null;`
}
