import * as React from 'react'
import { EmptyState } from '../parts/empty-state.tsx'
import { TitledContext } from '../parts/reading-part.tsx'

interface CustomerSectionProps {
  readonly title: string
  /** What is said where there is nothing. */
  readonly emptyText?: string | false
  readonly children: React.ReactNode
}

/** A part of what is told of a customer. */
export function CustomerSection({ title, emptyText, children }: CustomerSectionProps): React.ReactElement {
  const above = React.useContext(TitledContext)
  return (
    <section data-slot="admin-section">
      {React.createElement(`h${above + 1}`, { 'data-title': '' }, title)}
      {emptyText && <EmptyState>{emptyText}</EmptyState>}
      {children}
    </section>
  )
}

/** What there is to know, by name. */
export function Facts({ of }: { readonly of: readonly (readonly [name: string, value: string | null | undefined])[] }): React.ReactElement {
  return (
    <dl data-slot="admin-facts">
      {of.map(([name, value]) => value && (
        <div key={name}>
          <dt data-quiet="">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
