import type * as React from 'react'

/** Whoever has no mouse must be able to scroll what is too wide: it takes the focus. */
const scrollable = { 'data-scroll': '', tabIndex: 0 }

/** Something that scrolls in itself where it is too wide, by keyboard as well. It needs a name. */
export function ScrollRegion(props: React.ComponentPropsWithoutRef<'section'>): React.ReactElement {
  return <section {...scrollable} {...props} />
}
