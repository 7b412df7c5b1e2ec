import { findNodeModule } from '../../ports/node-module.ts'

/** Tells which work may be done at once, so that a turn of Node's event loop stays short. */
export interface Turns {
  /** Whether to do it now; otherwise it belongs into the thread pool. `waiting`: how much is there already. */
  mayDoNow(waiting: number): boolean
}

type Schedule = (callback: () => void) => unknown

/** How much is done at once in a turn in which more is asked for: a tenth of a millisecond of signatures. */
const mostInTurn = 4

/** Not `queueMicrotask`, which costs more on Node than all else around a signature. */
const settled = Promise.resolve()

/**
 * What is asked for alone is done at once, again and again: handing it to a thread takes longer than doing it. What comes
 * beside it, or in the further callbacks of a turn, as requests do at a busy server, goes to the threads, except for a few
 * that keep this thread busy too. `undefined` where Node does not tell where a callback and a turn end.
 */
export function findNodeTurns(): Turns | undefined {
  const process = findNodeModule('node:process')
  const timers = findNodeModule('node:timers')
  const nextTick = scheduleOf(process, 'nextTick')
  const setImmediate = scheduleOf(timers, 'setImmediate')
  return nextTick && setImmediate && createTurns(nextTick, setImmediate)
}

function createTurns(afterCallback: Schedule, afterTurn: Schedule): Turns {
  let isBeside = false
  let isSameCallback = false
  let isTurn = false
  let done = 0

  const endBlock = (): void => {
    isBeside = false
  }
  const endCallback = (): void => {
    isSameCallback = false
  }
  const endTurn = (): void => {
    isTurn = false
    done = 0
  }

  return {
    mayDoNow(waiting) {
      const isAlone = waiting === 0 && (isSameCallback || !isTurn)
      if (isBeside || (!isAlone && done >= mostInTurn)) return false
      if (!isAlone) done += 1
      isBeside = true
      void settled.then(endBlock)
      if (!isSameCallback) {
        isSameCallback = true
        afterCallback(endCallback)
      }
      if (!isTurn) {
        isTurn = true
        afterTurn(endTurn)
      }
      return true
    },
  }
}

function scheduleOf(module: unknown, name: string): Schedule | undefined {
  if (typeof module !== 'object' || module === null) return undefined
  const schedule: unknown = Reflect.get(module, name)
  return isSchedule(schedule) ? (callback) => schedule(callback) : undefined
}

function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'function'
}
