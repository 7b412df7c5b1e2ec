// One process of an app with several: counts what it is told to, and says what became of it.
import { allowance, createFarebox, defineCatalog, metered, unlimited } from '../../src/index.ts'
import { type StoreAddress, connect } from './store-address.ts'

/** What every process of a test is started with. */
export interface WorkerSettings {
  readonly address: StoreAddress
  /** What a customer may use of `limited`. */
  readonly limit: number
}

/** One request that reaches the process. Reservations are settled as soon as they are held. */
export interface Call {
  readonly customer: string
  readonly feature: 'limited' | 'unlimited'
  readonly amount: number
  readonly key: string | null
  readonly verb: 'consume' | 'reserve'
}

export interface Task {
  readonly calls: readonly Call[]
  /** How many calls are under way at a time. */
  readonly inFlight: number
}

/** What became of the calls of a task. */
export interface Tally {
  allowed: number
  /** Of the allowed ones, those that nobody had asked before under their key, and their amounts together. */
  first: number
  counted: number
  /** The store gave no answer. */
  undecided: number
}

/** What a process says: once when it is ready, of each call as it ends, of a task when all of it has ended. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly call: number; readonly allowed: boolean }
  | { readonly kind: 'finished'; readonly tally: Tally }
  | { readonly kind: 'failed'; readonly error: string }

/** The catalog of every process of a test. */
export const catalogOf = (limit: number) =>
  defineCatalog({
    features: { limited: metered({ unit: 'call' }), unlimited: metered({ unit: 'call' }) },
    plans: {
      free: { name: 'Free', default: true, features: { limited: allowance(limit).per('month'), unlimited: unlimited() } },
    },
  })

async function start({ address, limit }: WorkerSettings): Promise<void> {
  const connection = await connect(address)
  const farebox = createFarebox({ catalog: catalogOf(limit), store: connection.storeWith(), storeTimeout: 60_000 })

  async function perform({ customer, feature, amount, key, verb }: Call): Promise<{ allowed: boolean; repeated: boolean; reason: string }> {
    const keyed = key === null ? {} : { idempotencyKey: key }
    if (verb === 'consume') return farebox.consume({ customer, feature, amount, ...keyed })
    const reservation = await farebox.reserve({ customer, feature, atMost: amount, ...keyed })
    if (reservation.allowed) await reservation.settle(amount)
    return reservation
  }

  async function run({ calls, inFlight }: Task): Promise<Tally> {
    const tally = { allowed: 0, first: 0, counted: 0, undecided: 0 }
    let next = 0
    const lane = async (): Promise<void> => {
      for (let call = next++; call < calls.length; call = next++) {
        const asked = calls[call]
        if (asked === undefined) return
        const { allowed, repeated, reason } = await perform(asked)
        if (allowed) tally.allowed += 1
        if (allowed && !repeated) {
          tally.first += 1
          tally.counted += asked.amount
        }
        if (reason === 'unavailable') tally.undecided += 1
        say({ kind: 'ended', call, allowed })
      }
    }
    await Promise.all(Array.from({ length: inFlight }, lane))
    return tally
  }

  process.on('message', (task: Task) => {
    run(task).then(
      (tally) => say({ kind: 'finished', tally }),
      (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
  say({ kind: 'ready' })
}

function say(message: WorkerMessage): void {
  process.send?.(message)
}

const settings = process.argv[2]
if (import.meta.main && settings !== undefined) await start(JSON.parse(settings) as WorkerSettings)
