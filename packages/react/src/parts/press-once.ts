import type * as React from 'react'

/** For a button: Enter that is held presses it once, and not what takes its place as well. */
export const pressOnce: { readonly onKeyDown: (event: React.KeyboardEvent) => void } = {
  onKeyDown(event) {
    if (event.repeat && event.key === 'Enter') event.preventDefault()
  },
}
