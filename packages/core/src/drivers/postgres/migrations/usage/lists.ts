/** What a group asks, in a list `b` that has an element for every group, or one for all of them. */
export function each(name: string): string {
  return `coalesce(b.${name}, first_${name})`
}

/** Of a list of groups, the element of the group of consumption `t`. */
export function of(list: string): string {
  return `${list}[least(t.of, cardinality(${list}))]`
}

/** What groups ask, and its type. Each is a list with an element for every group, or one for all of them. */
export type Columns = Readonly<Record<string, string>>

/** The parameters of a function: customers, and a list for each column. */
export function parametersOf(columns: Columns): string {
  return `customers text[], ${Object.entries(columns).map(([name, type]) => `${name}s ${type}[]`).join(', ')}`
}

/** The types of {@link parametersOf}. */
export function typesOf(columns: Columns): readonly string[] {
  return ['text', ...Object.values(columns)].map((type) => `${type}[]`)
}

/** Declares what {@link each} takes for all groups. */
export function firstsOf(columns: Columns): string {
  return Object.entries(columns).map(([name, type]) => `first_${name} ${type} := ${name}s[1];`).join('\n  ')
}

/** All that groups ask as rows `b`, one for each group, `i` counted from one. */
export function rowsOf(columns: Columns): string {
  const names = Object.keys(columns)
  return `unnest(customers, ${names.map((name) => `${name}s`).join(', ')}) with ordinality as b (customer, ${names.join(', ')}, i)`
}
