/** What a group asks, in a list `b` that has an element for every group, or one for all of them. */
export function each(name: string): string {
  return `coalesce(b.${name}, first_${name})`
}

/** Of a list of groups, the element of the group of consumption `t`. */
export function of(list: string): string {
  return `${list}[least(t.of, cardinality(${list}))]`
}
