import { createAccount, type Account, type CountListeners, type EventSink } from './account.ts'
import type { SimulatedClock } from './clock.ts'
import { invalidRequest } from './errors.ts'
import { createIdentifiers } from './identifiers.ts'
import { findAnywhere } from './store.ts'

/**
 * The accounts of one simulator: its own and those connected to it, each once for test keys and once for live keys.
 * They share the time and nothing else.
 */
export interface Accounts {
  /** The simulator's own account. */
  own(livemode: boolean): Account
  /** A connected account; undefined: none has this id. */
  connected(id: string, livemode: boolean): Account | undefined
  /** Connects an account, by an id of one's own or a new one. It has an account for either mode. */
  connect(id?: string): string
  readonly connectedIds: readonly string[]
  /** Those that have been asked for so far, the simulator's own first. */
  all(): readonly Account[]
  /** The account that holds an object; the simulator's own in test mode when none does. */
  holding(objectId: string): Account
}

export function createAccounts(parts: {
  clock: SimulatedClock
  seed: number
  apiVersion: string
  listeners: CountListeners
  sink: EventSink
}): Accounts {
  const names = createIdentifiers(parts.seed)
  const ownId = names.next('acct')
  const connectedIds: string[] = []
  const accounts = new Map<string, Account>()

  const open = (id: string, livemode: boolean): Account => {
    const key = `${id}:${livemode ? 'live' : 'test'}`
    const isOwnInTest = id === ownId && !livemode
    const account =
      accounts.get(key) ??
      createAccount({
        identity: { id, livemode, isConnected: id !== ownId, apiVersion: parts.apiVersion },
        clock: parts.clock,
        identifiers: createIdentifiers(isOwnInTest ? parts.seed : `${parts.seed}:${key}`, livemode ? { cs_test: 'cs_live' } : {}),
        listeners: parts.listeners,
        sink: parts.sink,
      })
    accounts.set(key, account)
    return account
  }
  const own = open(ownId, false)

  return {
    own: (livemode) => (livemode ? open(ownId, true) : own),
    connected: (id, livemode) => (connectedIds.includes(id) ? open(id, livemode) : undefined),
    connect(id) {
      if (id !== undefined && !/^acct_\w{1,40}$/.test(id)) {
        throw invalidRequest('An account id looks like acct_1abc.', { param: 'id' })
      }
      const connected = id ?? names.next('acct')
      if (connected !== ownId && !connectedIds.includes(connected)) connectedIds.push(connected)
      return connected
    },
    connectedIds,
    all: () => [...accounts.values()],
    holding(objectId) {
      for (const account of accounts.values()) if (findAnywhere(account.store, objectId) !== undefined) return account
      return own
    },
  }
}
