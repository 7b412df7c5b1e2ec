import type { AnonymousPass, MeteredPass, Pass } from '@farebox/core'

/** What guards answered or threw when they refused. */
const refusals = new WeakSet<object>()

/** The same, known as a guard's refusal: what was counted around that guard was counted for nothing. */
export function asRefusal<Answer extends object>(answer: Answer): Answer {
  refusals.add(answer)
  return answer
}

/**
 * Runs what was paid for. Gives the usage back when it throws, or when its answer is a failure; a `redirect()`, which
 * Next throws, is an answer like any other. What a guard within refuses is always given back, for nothing was run.
 */
export async function runMetered<Answer>(
  passed: Pass | AnonymousPass,
  countFailures: boolean,
  work: () => Answer | Promise<Answer>,
  isFailure: (answer: Answer) => boolean = () => false,
): Promise<Answer> {
  const end = async (answer: unknown, isFailed: boolean): Promise<void> => {
    if (isMetered(passed) && (isRefusal(answer) || (isFailed && !countFailures))) await passed.giveBack()
  }
  try {
    const answer = await work()
    await end(answer, isFailure(answer))
    return answer
  } catch (error) {
    await end(error, !isRedirect(error))
    throw error
  }
}

export function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && refusals.has(answer)
}

/** Whether passing was counted. */
export function isMetered(passed: Pass | AnonymousPass): passed is MeteredPass | AnonymousPass {
  return 'giveBack' in passed
}

function isRedirect(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return false
  return typeof error.digest === 'string' && error.digest.startsWith('NEXT_REDIRECT')
}
