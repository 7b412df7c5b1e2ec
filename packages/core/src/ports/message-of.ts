/** What an error says, told by what it has: one of another realm, as Node's own modules throw within Jest, is no instance of `Error`. */
export function messageOf(error: unknown): string {
  const { message }: { readonly message?: unknown } = Object(error)
  return typeof message === 'string' ? message : ''
}
