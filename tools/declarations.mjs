/**
 * The declarations of entries as `tsc -b` has written them, for tsup to bundle: from the sources it would check every file again.
 *
 * @param {readonly string[]} entries such as `src/client/index.ts`
 * @returns {{ entry: Record<string, string> }}
 */
export function declarationsOf(entries) {
  const names = entries.map((entry) => entry.replace(/^src\/(.+)\.ts$/, '$1'))
  return { entry: Object.fromEntries(names.map((name) => [name, `.tsc/${name}.d.ts`])) }
}
