const special = /[,;%\p{Cc}\p{Cs}]/u
const specials = /[,;%\p{Cc}\p{Cs}]/gu
const escapes = /%([0-9a-f]{4})/g

/** A name as a document holds it: without the separators, and without what some database would not carry. */
export function escapeName(name: string): string {
  return special.test(name) ? name.replace(specials, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : name
}

/** The name that {@link escapeName} was given. */
export function unescapeName(text: string): string {
  return text.includes('%') ? text.replace(escapes, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16))) : text
}
