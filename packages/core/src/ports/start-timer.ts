import type { Milliseconds } from '../domain/instant.ts'

/** Calls `work` once, after `length`. Keeps no process alive that has nothing else to do. Answers how to stop it. */
export function startTimer(work: () => void, length: Milliseconds): () => void {
  const timer = setTimeout(work, length)
  letGo(timer)
  return () => clearTimeout(timer)
}

/** On Node and Bun a timer is an object, and would keep the process alive. */
function letGo(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}
