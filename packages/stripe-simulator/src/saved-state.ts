import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { KeyUse } from './api/idempotency.ts'
import type { Collection } from './collection.ts'
import type { StoredObject } from './objects.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'

/** Grows with every change of what is stored: objects of another shape would be answered as if they were right. */
const format = 1

interface SavedState {
  readonly format: number
  readonly now: number
  /** When it was saved, in real time. */
  readonly at: number
  readonly connectedIds: readonly string[]
  readonly accounts: readonly SavedAccount[]
}

interface SavedAccount {
  readonly livemode: boolean
  /** Undefined: the simulator's own. */
  readonly connectedId: string | undefined
  readonly settings: Settings
  readonly counters: ReadonlyMap<string, number>
  readonly uses: ReadonlyMap<string, KeyUse>
  readonly objects: Readonly<Record<string, readonly StoredObject[]>>
}

/**
 * Writes all that is simulated to `file`, whole or not at all, but for the objects whose ids are in `given`, which whoever starts a
 * simulator gives it. Deliveries that are under way are no part of it.
 */
export function saveState(accounts: Accounts, file: string, given: ReadonlySet<string>): void {
  for (const account of accounts.all()) account.finish()
  const state: SavedState = {
    format,
    now: accounts.own(false).timelines.main.now(),
    at: Date.now(),
    connectedIds: accounts.connectedIds,
    accounts: accounts.all().map(({ id, livemode, isConnected, settings, identifiers, keys, store }) => ({
      livemode,
      connectedId: isConnected ? id : undefined,
      settings,
      counters: identifiers.counters,
      uses: keys.uses,
      objects: Object.fromEntries(collectionsOf(store).map(([name, objects]) => [name, [...objects.oldestFirst()].filter((object) => !given.has(object.id))])),
    })),
  }
  writeFileSync(`${file}.new`, serialize(state))
  renameSync(`${file}.new`, file)
}

/**
 * Goes on where the simulator stopped that saved `file`; where there is no such file it begins anew. A clock that runs has run on
 * meanwhile, and what has fallen due is done before the next request is answered.
 */
export function restoreState(accounts: Accounts, file: string): void {
  if (!existsSync(file)) return
  const state = readState(file)
  const { main } = accounts.own(false).timelines
  main.moveTo(state.now + (main.mode === 'running' ? Math.max(0, Date.now() - state.at) : 0))
  for (const id of state.connectedIds) accounts.connect(id)
  for (const saved of state.accounts) {
    const { livemode, connectedId } = saved
    const account = connectedId === undefined ? accounts.own(livemode) : accounts.connected(connectedId, livemode)
    if (account !== undefined) restoreAccount(account, saved)
  }
}

function readState(file: string): SavedState {
  try {
    // Only `saveState` writes such files; one that is something else has no such format.
    const state = deserialize(readFileSync(file)) as SavedState
    if (state.format === format) return state
  } catch {
    // Told below.
  }
  throw new Error(`${file} was not saved by this version of the simulator: remove it, or name another`)
}

function restoreAccount(account: Account, { settings, counters, uses, objects }: SavedAccount): void {
  const { store, timelines } = account
  account.settings = settings
  for (const [prefix, count] of counters) account.identifiers.counters.set(prefix, count)
  for (const [key, use] of uses) account.keys.uses.set(key, use)
  for (const { id, frozen_time: frozenTime } of objects['testClocks'] ?? []) timelines.start(id, Number(frozenTime) * 1000)
  // An object lives in the time of its customer, whose it may be by its invoice.
  const clocks = new Map<unknown, unknown>(objects['customers']?.map((customer) => [customer.id, customer['test_clock']]))
  const customers = new Map<unknown, unknown>(objects['invoices']?.map((invoice) => [invoice.id, invoice['customer']]))
  for (const [name, collection] of collectionsOf(store)) {
    for (const object of objects[name] ?? []) {
      const clock = clocks.get(object['customer'] ?? customers.get(object['invoice']))
      timelines.within(typeof clock === 'string' ? clock : undefined, () => collection.save(object))
    }
  }
}

function collectionsOf(store: Store): [name: string, collection: Collection<StoredObject>][] {
  return Object.entries(store)
}
