const special = /[,;%\p{Cc}\p{Cs}]/u
const comma = 44
const semicolon = 59
const percent = 37
const specials = /[,;%\p{Cc}\p{Cs}]/gu
const escapes = /%([0-9a-f]{4})/g

/** A name as a document holds it: without the separators, and without what some database would not carry. */
export function escapeName(name: string): string {
  return isSpecial(name) ? name.replace(specials, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : name
}

/** The name that {@link escapeName} was given. */
export function unescapeName(text: string): string {
  return text.includes('%') ? text.replace(escapes, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16))) : text
}

/** Most names are printable ASCII, which is told without a regular expression. */
function isSpecial(name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    const unit = name.charCodeAt(index)
    if (unit < 0x20 || unit > 0x7e) return special.test(name)
    if (unit === comma || unit === semicolon || unit === percent) return true
  }
  return false
}
