import * as React from 'react'

/** When something happened or ends, for those who have to know it to the minute. */
export const toTheMinute: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }

/** Facts beside each other, each in the direction of its own writing. */
export function Noted({ slot, of }: { readonly slot: string; readonly of: readonly (string | number | null | undefined)[] }): React.ReactElement {
  return (
    <span data-slot={slot} data-quiet="">
      {of.filter(Boolean).map((fact, index) => <React.Fragment key={index}>{index > 0 && ' · '}<bdi>{fact}</bdi></React.Fragment>)}
    </span>
  )
}
