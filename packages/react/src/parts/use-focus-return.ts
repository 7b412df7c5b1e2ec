import * as React from 'react'

/**
 * Keeps the focus in its part of the page when what has it goes away: it goes back to where it came from, else to what stands around.
 *
 * @param what is there; something else when that has made way.
 * @returns what its root does `onFocusCapture`.
 */
export function useFocusReturn(what: unknown): (event: React.FocusEvent<Element, HTMLElement>) => void {
  const from = React.useRef<HTMLElement>(null)
  React.useEffect(() => {
    function giveBack(): void {
      const { current } = from
      const { activeElement, body } = document
      // What cannot be seen, such as a dialog that has just closed, has the focus no longer than until the page is drawn.
      if (!current || (activeElement !== body && activeElement?.checkVisibility())) return
      if (current.tabIndex < 0) current.tabIndex = -1
      current.focus({ preventScroll: true })
    }
    // Once more when a dialog has closed, which keeps the focus until then.
    giveBack()
    return giveBack
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the focus is lost when that changes
  }, [what])
  return ({ currentTarget, relatedTarget }) => {
    if (!currentTarget.contains(relatedTarget)) from.current = relatedTarget ?? currentTarget.parentElement
  }
}
