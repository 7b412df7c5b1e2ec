import { type Problem, problemNameOf } from '../protocol/problem.ts'

/**
 * The problem document that a response carries, or `undefined` when it carries none of ours. Never throws, and leaves
 * the response's body unread.
 */
export async function readProblem(response: Response): Promise<Problem | undefined> {
  try {
    const body: unknown = await response.clone().json()
    return isProblem(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is a problem document of ours. */
export function isProblem(value: unknown): value is Problem {
  return !!problemNameOf(Object(value))
}
