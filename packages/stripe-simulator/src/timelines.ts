import { createAgenda, type Agenda } from './agenda.ts'
import { createSimulatedClock, type SimulatedClock } from './clock.ts'

/** A time of its own and what falls due in it. */
export interface Timeline {
  readonly clock: SimulatedClock
  readonly agenda: Agenda
}

/** The times that one account lives in: the simulator's, and that of each of its test clocks. */
export interface Timelines {
  /** The simulator's own time, whatever runs. */
  readonly main: SimulatedClock
  /** The time of what is running. */
  readonly clock: SimulatedClock
  /** What falls due in the time of what is running. An object stays in the time in which it was first scheduled. */
  readonly agenda: Agenda
  /** Starts the time of a test clock, frozen at `instant` milliseconds. */
  start(testClock: string, instant: number): void
  /** Ends the time of a test clock; nothing of it falls due any more. */
  end(testClock: string): void
  /** Runs `work` in the time of a test clock; undefined: in the simulator's. */
  within<Result>(testClock: string | undefined, work: () => Result): Result
}

export function createTimelines(main: SimulatedClock): Timelines {
  const own: Timeline = { clock: main, agenda: createAgenda() }
  const timelines = new Map<string, Timeline>()
  const homes = new Map<string, Agenda>()
  let current = own
  return {
    main,
    clock: {
      get mode() {
        return current.clock.mode
      },
      now: () => current.clock.now(),
      seconds: () => current.clock.seconds(),
      moveTo: (instant) => current.clock.moveTo(instant),
      at: (instant, work) => current.clock.at(instant, work),
    },
    agenda: {
      schedule(id, at) {
        const home = homes.get(id) ?? current.agenda
        if (home !== own.agenda) homes.set(id, home)
        home.schedule(id, at)
      },
      earliest: () => current.agenda.earliest(),
    },
    start(testClock, instant) {
      timelines.set(testClock, { clock: createSimulatedClock({ start: instant, mode: 'frozen' }), agenda: createAgenda() })
    },
    end: (testClock) => void timelines.delete(testClock),
    within(testClock, work) {
      const outer = current
      current = (testClock === undefined ? undefined : timelines.get(testClock)) ?? own
      try {
        return work()
      } finally {
        current = outer
      }
    },
  }
}
