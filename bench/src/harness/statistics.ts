/** The middle of `values`, between the two middle ones where their count is even. @throws RangeError when there are none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which a `share` of `values` lies, between neighbours where it falls between them. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new RangeError('There are no values')
  return below + (above - below) * (place - Math.floor(place))
}

/** A copy of `items` in random order; all orders are equally likely. */
export function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
