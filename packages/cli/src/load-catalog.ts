import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type Catalog, type Farebox, FareboxError, isFareboxError } from '@farebox/core'
import { createJiti } from 'jiti'

const usualFolders = ['', 'src/', 'lib/', 'src/lib/']
const usualEnds = ['ts', 'mts', 'js', 'mjs']

/** A catalog and the file that it came from, as a person would write its path. */
export interface LoadedCatalog {
  readonly catalog: Catalog
  readonly file: string
}

/**
 * Loads the `catalog` that a file exports; TypeScript needs no build. Without a file, `billing.ts` is looked for in the
 * folder, in its `src`, and in `lib` of both.
 *
 * @throws FareboxError `invalid-catalog` as the file's `defineCatalog` threw it; `invalid-configuration` when there is no
 *   such file, when it cannot be loaded, or when it exports no catalog.
 */
export async function loadCatalog(folder: string, file: string | undefined): Promise<LoadedCatalog> {
  const { exported, file: shown } = await loadModule(folder, file, ['billing'])
  const catalog = 'catalog' in exported ? exported.catalog : undefined
  if (!isCatalog(catalog)) throw fault(shown, 'Export a catalog: export const catalog = defineCatalog({ ... })')
  return { catalog, file: shown }
}

/** The app's own farebox, with its store and its Stripe client. */
export type AppFarebox = Pick<Farebox, 'reconcile' | 'replay' | 'close'>

/** A farebox and the file that it came from, as a person would write its path. */
export interface LoadedFarebox {
  readonly farebox: AppFarebox
  readonly file: string
}

/** As {@link loadCatalog}, for the `farebox` that a file exports, in `farebox.ts` or else in `billing.ts`. @throws FareboxError `invalid-configuration`. */
export async function loadFarebox(folder: string, file: string | undefined): Promise<LoadedFarebox> {
  const { exported, file: shown } = await loadModule(folder, file, ['farebox', 'billing'])
  const farebox = 'farebox' in exported ? exported.farebox : undefined
  if (!isFarebox(farebox)) {
    throw fault(shown, 'Export your farebox, with a store that outlives the process: export const farebox = createFarebox({ ... }). Another file is named with --config')
  }
  return { farebox, file: shown }
}

interface LoadedModule {
  readonly exported: object
  readonly file: string
}

async function loadModule(folder: string, file: string | undefined, names: readonly [string, ...string[]]): Promise<LoadedModule> {
  const path = file === undefined ? findFile(folder, names) : resolve(folder, file)
  if (path === undefined || !existsSync(path)) {
    const wanted = names[0] === 'billing' ? 'catalog' : names[0]
    throw fault(file ?? `${names[0]}.ts`, `There is no such file: name the file that exports your ${wanted} with --config`)
  }
  const shown = relative(folder, path)
  const exported = await load(path, shown)
  return { exported: typeof exported === 'object' && exported !== null ? exported : {}, file: shown }
}

async function load(path: string, shown: string): Promise<unknown> {
  try {
    return await createJiti(import.meta.url, { moduleCache: false }).import(path)
  } catch (error) {
    if (isFareboxError(error)) throw error
    throw fault(shown, `The file cannot be loaded: ${error instanceof Error ? error.message : 'it threw something'}`)
  }
}

function findFile(folder: string, names: readonly string[]): string | undefined {
  const places = names.flatMap((name) => usualFolders.flatMap((place) => usualEnds.map((end) => `${place}${name}.${end}`)))
  return places.map((place) => resolve(folder, place)).find((path) => existsSync(path))
}

/** What `defineCatalog` makes, whichever copy of it did: only the shape that a push reads is looked at. */
function isCatalog(value: unknown): value is Catalog {
  if (typeof value !== 'object' || value === null || !('planList' in value) || !('plans' in value)) return false
  const { planList, plans } = value
  return Object.isFrozen(value) && Array.isArray(planList) && typeof plans === 'object' && plans !== null
}

/** Whichever copy of `createFarebox` made it. */
function isFarebox(value: unknown): value is AppFarebox {
  if (typeof value !== 'object' || value === null) return false
  const parts = new Map<string, unknown>(Object.entries(value))
  return ['reconcile', 'replay', 'close'].every((name) => typeof parts.get(name) === 'function')
}

function fault(path: string, message: string): FareboxError {
  return new FareboxError('invalid-configuration', 'The app could not be loaded', { faults: [{ path, message }] })
}
