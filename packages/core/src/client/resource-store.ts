import type { Outcome, Resource } from './billing-state.ts'

/** Something that is read from the server, and everybody who wants to know when it changes. */
export interface ResourceStore<Data> {
  /** Calls `listener` after each change, until the function it returns is called. */
  readonly subscribe: (listener: () => void) => () => void
  /** Whether anybody listens. */
  readonly isWatched: () => boolean
  /** The present state; the same object until something changes. */
  readonly getSnapshot: () => Resource<Data>
  /** Reads it. Calls at the same time share one request. Never rejects. */
  readonly refresh: () => Promise<Resource<Data>>
  /** Reads it once more than what is under way, which may have begun before what is to be seen. */
  readonly renew: () => Promise<Resource<Data>>
  /** Takes what came another way. */
  readonly take: (outcome: Outcome<Data>) => Resource<Data>
  /** Puts right what is known, which is as old as before. */
  readonly adjust: (data: Data) => void
}

/**
 * A store of one resource. What comes another way while it is being read is not undone by an answer that may be older: it is read
 * once more. What fails to be renewed keeps what was there, marked stale; whoever may not see it any more (401,
 * 403) sees it no more.
 *
 * @param choose which of two to keep, for answers may overtake each other; what arrives unless said otherwise. `isLater`: it was
 * asked for when the other was there already, so it is the later one, whatever the clocks of servers say.
 */
export function createResourceStore<Data extends object>(
  load: () => Promise<Outcome<Data>>,
  choose?: (known: Data, arriving: Data, isLater?: boolean) => Data,
): ResourceStore<Data> {
  const listeners = new Set<() => void>()
  let state: Resource<Data> = { status: 'pending' }
  let loading: Promise<Resource<Data>> | undefined

  function change(next: Resource<Data>): Resource<Data> {
    state = next
    for (const listener of listeners) listener()
    return state
  }

  function take(outcome: Outcome<Data>, isLater?: boolean): Resource<Data> {
    const known = state.data
    if (outcome.error) return change(known && !/40[13]/.test(`${outcome.error.status}`) ? { ...outcome, status: 'success', data: known, isStale: true } : outcome)
    const data = (known && choose?.(known, outcome.data, isLater)) ?? outcome.data
    // What is as old as before is neither fresh nor a change.
    return data === known ? state : change({ ...outcome, data, isStale: false })
  }

  function refresh(): Promise<Resource<Data>> {
    const before = state
    // What came another way meanwhile may be newer than this answer.
    loading ??= load().then((outcome) => (state === before ? outcome : load())).then((outcome) => {
      loading = undefined
      return take(outcome, state === before)
    })
    return loading
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isWatched: () => listeners.size > 0,
    getSnapshot: () => state,
    refresh,
    async renew() {
      await loading
      return refresh()
    },
    take,
    adjust(data) {
      if (state.status === 'success') change({ ...state, data })
    },
  }
}
