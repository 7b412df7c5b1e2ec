// What can be wrong with the arguments of a command.
import { FareboxError } from '@farebox/core'
import type { ArgsDef } from 'citty'

/** A misspelt `--dryrun` must not push. @throws FareboxError `invalid-configuration` for what is none of the command's settings. */
export function checkNames({ _: placed, ...named }: { readonly _: readonly string[] }, settings: ArgsDef, command: string): void {
  const known = Object.keys(settings).flatMap((name) => [name, camelCase(name)])
  const places = Object.values(settings).filter(({ type }) => type === 'positional').length
  const [unknown] = [...Object.keys(named).filter((name) => !known.includes(name)), ...placed.slice(places)]
  if (unknown !== undefined) throw badUsage(unknown, `There is no such setting: see farebox ${command} --help`)
}

/** The parser names a setting both ways. */
function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** @throws FareboxError `invalid-configuration` for a name that metadata cannot carry. */
export function checkInstallation(name: string | undefined): string | undefined {
  if (name === undefined || /^[a-z][A-Za-z0-9-]{0,63}$/.test(name)) return name
  throw badUsage('installation', 'Begin with a small letter, then use up to 63 letters, digits and hyphens')
}

/** @throws FareboxError `invalid-configuration` for a rate that is none. */
export function checkRate(rate: string | undefined): number | undefined {
  if (rate === undefined) return undefined
  const perSecond = Number(rate)
  if (rate.trim() !== '' && perSecond > 0 && perSecond <= 100) return perSecond
  throw badUsage('rate', 'Give how many customers a second: a number above 0, up to 100')
}

/** @throws FareboxError `invalid-configuration` unless it is http or https. */
export function checkUrl(url: string | undefined): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url
  throw badUsage('url', 'Give an address, such as https://app.example/api/billing')
}

/** What is said of an argument that cannot be used. */
export function badUsage(path: string, message: string): FareboxError {
  return new FareboxError('invalid-configuration', 'The command is not understood', { faults: [{ path, message }] })
}
