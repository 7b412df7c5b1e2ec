import type * as React from 'react'

/** For a button: Enter that is held presses it once, and not what takes its place as well. */
export function pressOnce(event: React.KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault()
}
