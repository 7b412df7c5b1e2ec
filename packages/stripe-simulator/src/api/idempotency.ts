import { invalidRequest, StripeError } from '../errors.ts'
import type { Answer } from './answer.ts'

const lifetime = 24 * 3_600_000
const longestKey = 255

/** What a key was first used for, and the answer once there is one. */
export interface KeyUse {
  readonly fingerprint: string
  readonly since: number
  answer: Answer | undefined
}

/** Answers by idempotency key, kept 24 hours of real time. */
export interface IdempotencyKeys {
  readonly uses: Map<string, KeyUse>
  /**
   * Claims a key for a request, or answers what the same request was answered before. A key in use by a request that
   * still runs is refused with 409, a key that belonged to another request with 400 `idempotency_error`.
   */
  claim(key: string, fingerprint: string): Answer | undefined
  /** Remembers the answer of the request that claimed the key. */
  remember(key: string, answer: Answer): void
}

export function createIdempotencyKeys(): IdempotencyKeys {
  const uses = new Map<string, KeyUse>()
  const forgetOld = (now: number): void => {
    for (const [key, use] of uses) {
      if (now - use.since < lifetime) return
      uses.delete(key)
    }
  }
  return {
    uses,
    claim(key, fingerprint) {
      const now = Date.now()
      forgetOld(now)
      if (key.length > longestKey) throw invalidRequest('Idempotency keys can have up to 255 characters.')
      const use = uses.get(key)
      if (use === undefined) {
        uses.set(key, { fingerprint, since: now, answer: undefined })
        return undefined
      }
      if (use.fingerprint !== fingerprint) {
        const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
        throw new StripeError(400, { type: 'idempotency_error', message })
      }
      if (use.answer === undefined) {
        const message = `There is currently another in-progress request using this Idempotent Key: ${key}`
        throw new StripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message })
      }
      return use.answer
    },
    remember(key, answer) {
      const use = uses.get(key)
      if (use !== undefined) use.answer = answer
    },
  }
}
