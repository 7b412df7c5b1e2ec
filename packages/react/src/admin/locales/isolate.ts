/** A name in the direction of its own writing, whatever stands around it: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`
}
