import type * as React from 'react'

/**
 * The attributes of a button that asks for something. It is pressed once by a double click, however soon the answer is there, and by
 * Enter that is held; so is what takes its place meanwhile. While it is busy it keeps the focus.
 *
 * @param isIdle whether there is nothing to ask for.
 */
export function pressOnce(ask: () => unknown, isBusy: boolean, isIdle?: boolean): object {
  const isOff = isBusy || isIdle
  return {
    type: 'button',
    'aria-busy': isBusy || undefined,
    'aria-disabled': isOff,
    onKeyDown(event: React.KeyboardEvent): void {
      if (event.repeat && event.key === 'Enter') event.preventDefault()
    },
    // What is not a browser's event counts no clicks.
    onClick(event?: React.MouseEvent): void {
      if (!isOff && !(Number(event?.detail) > 1)) void ask()
    },
  }
}
