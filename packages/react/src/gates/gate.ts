import type * as React from 'react'
import type { Reading } from '../provider/use-snapshot.ts'

/** What every gate takes. */
export interface GateProps<Data> {
  /** What stands in place of the children where the gate is closed: while it is loading, too, and where nothing could be read. */
  readonly fallback?: React.ReactNode
  /** What stands there while it is loading; `fallback` unless said otherwise. */
  readonly loading?: React.ReactNode
  /** What the gate shows; a function of what it knows. */
  readonly children?: React.ReactNode | ((data: Data) => React.ReactNode)
}

/** What a gate shows. `data` of the reading is `null` where it is closed. */
export function gate<Data>(of: Reading<Data | null>, { fallback, loading = fallback, children }: GateProps<Data>): React.ReactNode {
  if (of.status === 'pending') return loading
  const { data } = of
  if (data == null) return fallback
  return isFunction(children) ? children(data) : children
}

function isFunction<Data>(children: GateProps<Data>['children']): children is (data: Data) => React.ReactNode {
  return typeof children === 'function'
}
