import { type JwtAuthOptions, jwtAuth } from '../../src/drivers/jose/index.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { verdict } from '../tokens/craft.ts'

/** What a verifier is asked. */
export interface TokenQuestion extends Pick<JwtAuthOptions, 'issuer' | 'audience' | 'keys'> {
  readonly tokens: readonly string[]
}

/** Answers the verdict about each token. */
export const worker = {
  async fetch(request: Request): Promise<Response> {
    // The test asks nothing else.
    const { tokens, ...options } = (await request.json()) as TokenQuestion
    const { verifier } = jwtAuth({ ...options, clock: manualClock() })
    return Response.json(await Promise.all(tokens.map((token) => verdict(verifier, token))))
  },
}
