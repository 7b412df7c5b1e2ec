import * as React from 'react'
import { FaultsContext } from './field.tsx'

/** Tells a field of what is wrong further in as well, where there is one field for all of it. */
export function FaultsBelow({ path, children }: { readonly path: string; readonly children: React.ReactNode }): React.ReactElement {
  const faults = React.useContext(FaultsContext)
  const own = faultsBelow(faults, path)
  const told = own.length === 0 ? faults : { ...faults, [path]: own.join(' ') }
  return <FaultsContext.Provider value={told}>{children}</FaultsContext.Provider>
}

/** What is wrong at a place or further in. */
export function faultsBelow(faults: Readonly<Record<string, string>>, path: string): readonly string[] {
  return Object.entries(faults).flatMap(([at, fault]) => (at === path || at.startsWith(`${path}.`) ? [fault] : []))
}
