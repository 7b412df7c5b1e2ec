import type { AnonymousPass, MeteredPass, Pass } from '@farebox/core'

/**
 * Runs what was paid for. Gives the usage back when it throws, or when its answer is a failure; a `redirect()`, which
 * Next throws, is an answer like any other.
 */
export async function runMetered<Answer>(
  passed: Pass | AnonymousPass,
  countFailures: boolean,
  work: () => Answer | Promise<Answer>,
  isFailure: (answer: Answer) => boolean = () => false,
): Promise<Answer> {
  const giveBack = async (): Promise<void> => {
    if (!countFailures && isMetered(passed)) await passed.giveBack()
  }
  try {
    const answer = await work()
    if (isFailure(answer)) await giveBack()
    return answer
  } catch (error) {
    if (!isRedirect(error)) await giveBack()
    throw error
  }
}

/** Whether passing was counted. */
export function isMetered(passed: Pass | AnonymousPass): passed is MeteredPass | AnonymousPass {
  return 'giveBack' in passed
}

function isRedirect(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return false
  return typeof error.digest === 'string' && error.digest.startsWith('NEXT_REDIRECT')
}
