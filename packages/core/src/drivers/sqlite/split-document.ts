/** A document of one counter and a marker: the marker, until when it counts, the names, what is used, and what follows. */
const counted = /^(\d+),(\d+)(;[^;,]+,,1?,1,[^;,]+),(\d+),(,\d*)$/

/** A document as its row holds it: the text, and beside it the two numbers that every count changes, or `null`. */
export type SplitDocument = readonly [text: string, used: number | null, until: number | null]

/** What a row holds of a document; in the text a `%`, which no name is left with, stands where the numbers were. */
export function splitDocument(text: string): SplitDocument {
  const [, marker, until, names, used, rest] = counted.exec(text) ?? []
  return marker === undefined ? [text, null, null] : [`${marker},%${names},%,${rest}`, Number(used), Number(until)]
}

/** The whole document, in SQL. */
export const wholeDocument = "coalesce(replace(replace(usage.document, '%;', usage.until || ';'), ',%,', ',' || usage.used || ','), usage.document)"
