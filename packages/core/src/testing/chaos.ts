import { type SeededRandom, seededRandom } from './seeded-random.ts'

/** What chaos knows of an event: its id. */
export interface ChaoticEvent {
  readonly id: string
}

/** Options of {@link createChaos}. Shares are from 0, never, to 1, always. */
export interface ChaosOptions<Event extends ChaoticEvent> {
  /** The same seed and the same events make the same disorder. */
  readonly seed: number
  /**
   * Delivers an event to the app, signed, and answers whether it was acknowledged with 2xx. One that was not, or that
   * throws, is delivered again, as Stripe would.
   */
  readonly deliver: (event: Event) => Promise<boolean>
  /** How often an event is delivered at most, all copies at once; 3 unless said otherwise. */
  readonly mostCopies?: number
  /** The share that is lost, but never the last of {@link ChaosOptions.isRelevant}; 0.3 unless said otherwise. */
  readonly lost?: number
  /** The share that comes only with a later post; 0.1 unless said otherwise. */
  readonly late?: number
  /** The share that is told a second time by an event with another id, as Stripe may do; 0.1 unless said otherwise. */
  readonly twins?: number
  /**
   * The share of what was posted before that comes again; 0.1 unless said otherwise. Unless it is 0, something old of each type that
   * each customer was told of comes last of all, if there is such a thing one that was lost until then.
   */
  readonly again?: number
  /** Who an event is about: the customer of an event of Stripe unless said otherwise. Of what is told of each, the last relevant event is never lost. */
  readonly subjectOf?: (event: Event) => string
  /** Whether the app reads the customer because of it. Unless that is said, the last event of each type is never lost, for one of them is read. */
  readonly isRelevant?: (event: Event) => boolean
}

/** How much chaos there was. */
export interface ChaosTally {
  readonly events: number
  readonly deliveries: number
  readonly lost: number
  readonly twins: number
  readonly refused: number
}

/** Deliveries in disorder, and how many of each kind there were. */
export interface Chaos<Event extends ChaoticEvent> {
  readonly random: SeededRandom
  readonly tally: ChaosTally
  /** Delivers some of these events, shuffled, at once. Need not be awaited before the next thing happens. */
  post(events: readonly Event[]): Promise<void>
  /**
   * Delivers what was late, what was refused, and the last relevant event of each customer that was lost. Then something old, so that
   * whoever believes what comes last is found out.
   *
   * @throws Error naming an event that the app refused twenty times in a row; its cause is what `deliver` threw.
   */
  settle(): Promise<void>
}

/** Stripe tries for days; what is refused this often in a row never goes through. */
const mostTries = 20

/** Something of an event, as Stripe makes them. */
function partOf(whole: unknown, name: string): unknown {
  return typeof whole === 'object' && whole !== null ? new Map<string, unknown>(Object.entries(whole)).get(name) : undefined
}

function customerIn(event: ChaoticEvent): string {
  const object = partOf(partOf(event, 'data'), 'object')
  const named = partOf(object, 'object') === 'customer' ? object : partOf(object, 'customer')
  const id = partOf(named, 'id') ?? named
  return typeof id === 'string' ? id : ''
}

/**
 * Delivers events as badly as Stripe may: lost, doubled, late, out of order, told twice under two ids, all at once. What
 * is owed to the app is kept: the last event of each customer arrives.
 *
 * @throws RangeError for a share that is none.
 */
export function createChaos<Event extends ChaoticEvent>(options: ChaosOptions<Event>): Chaos<Event> {
  const { seed, deliver, mostCopies = 3, isRelevant, subjectOf = customerIn } = options
  const { lost = 0.3, late = 0.1, twins = 0.1, again = 0.1 } = options
  for (const share of [lost, late, twins, again]) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`A share is from 0 to 1, and ${share} is not`)
  }
  const random = seededRandom(seed)
  const tally = { events: 0, deliveries: 0, lost: 0, twins: 0, refused: 0 }
  const posted: Event[] = []
  const owed = new Map<string, Event>()
  const newest = new Map<string, Event>()
  const arrived = new Set<Event>()
  let held: readonly Event[] = []
  let refused: readonly Event[] = []
  const thrown = new Map<string, unknown>()

  async function attempt(event: Event): Promise<void> {
    tally.deliveries += 1
    arrived.add(event)
    thrown.delete(event.id)
    const isTaken = await deliver(event).catch((error: unknown) => {
      thrown.set(event.id, error)
      return false
    })
    if (isTaken) return
    tally.refused += 1
    refused = [...refused, event]
  }

  function givenUp({ id }: Event): Error {
    const because = thrown.has(id) ? '`deliver` threw, see the cause' : '`deliver` answered false: look at what the app answered to it'
    return new Error(`${id} was refused ${mostTries} times in a row, as Stripe would not: ${because}`, { cause: thrown.get(id) })
  }

  async function deliverAll(events: readonly Event[]): Promise<void> {
    const copies = events.flatMap((event) => Array.from({ length: random.integer(1, Math.max(1, mostCopies)) }, () => event))
    await Promise.all(random.shuffle(copies).map(attempt))
  }

  function withTwins(events: readonly Event[]): readonly Event[] {
    return events.flatMap((event) => {
      if (random.next() >= twins) return [event]
      tally.twins += 1
      return [event, { ...event, id: `${event.id}_twin${tally.twins}` }]
    })
  }

  async function deliverRefused(): Promise<void> {
    for (let tries = 0; refused.length > 0; tries += 1) {
      const [first] = refused
      if (tries === mostTries && first !== undefined) throw givenUp(first)
      const open = refused
      refused = []
      for (const event of open) await attempt(event)
    }
  }

  function kindOf(event: Event): string {
    return `${JSON.stringify(partOf(event, 'type'))}${subjectOf(event)}`
  }

  /** Of each type and subject one that something newer was posted after. */
  function oldOnes(): readonly Event[] {
    const kinds = new Map<string, Event[]>()
    for (const event of posted) kinds.set(kindOf(event), [...(kinds.get(kindOf(event)) ?? []), event])
    return [...kinds.values()].flatMap((all) => {
      const old = all.filter((event, index) => (all.length === 1 ? newest.get(subjectOf(event)) !== event : index < all.length - 1))
      const missing = old.filter((event) => !arrived.has(event))
      return old.length === 0 ? [] : [random.pick(missing.length === 0 ? old : missing)]
    })
  }

  return {
    random,
    tally,
    async post(events) {
      tally.events += events.length
      for (const event of events) {
        newest.set(subjectOf(event), event)
        if (isRelevant?.(event) ?? true) owed.set(isRelevant === undefined ? kindOf(event) : subjectOf(event), event)
      }
      const before = posted.filter(() => random.next() < again)
      posted.push(...events)
      const arriving = held
      const kept = events.filter(() => random.next() >= lost)
      tally.lost += events.length - kept.length
      held = kept.filter(() => random.next() < late)
      const present = kept.filter((event) => !held.includes(event))
      await deliverAll([...withTwins(present), ...arriving, ...before])
    },
    async settle() {
      const last = [...held, ...owed.values()]
      held = []
      owed.clear()
      await deliverAll(last)
      await deliverRefused()
      if (again > 0) await deliverAll(oldOnes())
      await deliverRefused()
    },
  }
}
