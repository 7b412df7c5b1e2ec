import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { Deliveries } from './deliveries/deliveries.ts'

/** One simulator's parts, as its routes see them. Nothing of it is shared with another simulator. */
export interface Simulation {
  /** The account that a page or a control route is about; API requests name theirs by key and headers. */
  readonly account: Account
  readonly accounts: Accounts
  readonly deliveries: Deliveries
  readonly options: {
    /** The only secret key that is accepted; undefined: every test key is. */
    readonly apiKey: string | undefined
    /** Whether live keys are accepted. */
    readonly liveKeys: boolean
    /** Where people reach the hosted pages; undefined: where the request came in. */
    readonly publicUrl: string | undefined
  }
  /** Resolves after the configured delay of an API request. */
  latency(): Promise<void>
  /** Tells the developer of a fault in the simulator itself. */
  report(error: unknown): void
}

/** The same simulation for a request about one object: it acts in the object's account and time. */
export function simulationFor(simulation: Simulation, objectId: string): Simulation {
  const holder = simulation.accounts.holding(objectId)
  const account: Account = { ...holder, act: (cause, work, about = objectId) => holder.act(cause, work, about) }
  return { ...simulation, account }
}
