import type { BillingError } from '@farebox/core/client'

/** What an answer without a problem document stands for, such as one of a proxy. */
const statuses: Readonly<Record<number, string | undefined>> = { 401: 'unauthenticated', 403: 'forbidden', 429: 'rate-limited' }

/**
 * Why the server refused, in people's words: those of the field that was wrong, else those of the problem; what has none is said as
 * the server says it. @param otherwise where it said nothing.
 */
export function problemText(
  { status, problem }: BillingError,
  { problems: words }: { readonly problems: Readonly<Record<string, string | undefined>> },
  otherwise: string,
): string {
  const { type, title, detail, faults: [fault] = [] } = problem ?? {}
  const known = words[fault?.path ?? ''] ?? words[type?.split('/').at(-1) ?? statuses[status] ?? '']
  return known ?? fault?.message ?? detail ?? (title ? `${title}.` : otherwise)
}
