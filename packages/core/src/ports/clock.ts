import type { Instant } from '../domain/instant.ts'

/** The present. Code below the surface never asks the host's clock. */
export interface Clock {
  now(): Instant
}

/** The host's clock. */
export const systemClock: Clock = { now: () => Date.now() }
