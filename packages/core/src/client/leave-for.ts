/** A page that has not come after so many milliseconds does not take the place of this one. */
const patience = 10_000

/**
 * Goes to another page. Done when somebody has come back to this one, or is still there after ten seconds: until then nothing that
 * leads away needs to be pressed again.
 */
export function leaveFor(url: string): Promise<unknown> {
  location.assign(url)
  return new Promise<unknown>((stay) => {
    addEventListener('pageshow', ({ persisted }) => persisted && stay(url))
    setTimeout(stay, patience)
  })
}
