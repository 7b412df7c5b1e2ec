import type { BillingError, Outcome, Resource } from '@farebox/core/client'
import type { Problem } from '@farebox/core/protocol'

/** What a query or a mutation fails with: the status and the problem document of the answer, as an error that can be thrown. */
export class BillingRequestError extends Error implements BillingError {
  override readonly name = 'BillingRequestError'
  /** The HTTP status, or 0 when no answer came that could be read. */
  readonly status: number
  /** What was refused, why, and what would lift it; absent where the answer was no problem document. */
  readonly problem: Problem | undefined

  constructor({ status, problem }: BillingError) {
    super(problem?.title ?? `The billing routes answered ${status || 'nothing'}`)
    this.status = status
    this.problem = problem
  }
}

/** What was answered. @throws BillingRequestError for a failure, one that left older data behind included. */
export function answerOf<Data extends object>(outcome: Outcome<Data> | Resource<Data>): Data {
  if (outcome.error || !outcome.data) throw new BillingRequestError(outcome.error ?? { status: 0 })
  return outcome.data
}

/** Whether the same question may be answered another time: what the server has refused stays refused. */
export function isPassing({ status }: BillingRequestError): boolean {
  return status === 0 || status >= 500
}
