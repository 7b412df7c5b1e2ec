import type { Milliseconds } from '../domain/instant.ts'

/** How a worker waits for another one. Tests give one that does not wait. */
export type Wait = (pause: Milliseconds) => Promise<void>

export function waitFor(length: Milliseconds): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, length)
  })
}
