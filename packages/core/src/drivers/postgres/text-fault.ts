/** The longest name, in bytes: three of them are one key of an index, which takes 2,704. */
export const longestName = 880

const encoder = new TextEncoder()

/**
 * Why PostgreSQL cannot keep a name, `undefined` where it can. Halves of a surrogate pair are refused too: UTF-8 has none,
 * so two names would become one.
 */
export function textFault(name: string): string | undefined {
  if (/[\0\p{Cs}]/u.test(name)) return 'Give text without NUL and without halves of characters'
  const isLong = name.length > longestName / 4 && encoder.encode(name).length > longestName
  return isLong ? `Give at most ${longestName} bytes` : undefined
}
