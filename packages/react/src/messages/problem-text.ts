import type { BillingError } from '@farebox/core/client'
import type { CommonMessages } from './common-messages.ts'

/** What an answer without a problem document stands for, such as one of a proxy. */
const statuses: Readonly<Record<number, string | undefined>> = { 401: 'unauthenticated', 403: 'forbidden', 429: 'rate-limited' }

/**
 * Why the server refused, in people's words: those of the field that was wrong, else what the server says of it; those of the
 * problem, else the server's own. @param otherwise where it said nothing.
 */
export function problemText({ status, problem }: BillingError, { problems }: Pick<CommonMessages, 'problems'>, otherwise: string): string {
  const words: Readonly<Record<string, string | undefined>> = problems
  const fault = problem?.faults?.[0]
  if (fault) return words[fault.path] ?? fault.message
  const named = words[problem?.type.split('/').at(-1) ?? statuses[status] ?? '']
  return named ?? problem?.detail ?? (problem?.title ? `${problem.title}.` : otherwise)
}
