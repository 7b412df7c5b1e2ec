import type { BillingClient, Outcome, Resource } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import { BillingRequestError, answerOf } from './billing-request-error.ts'

/** What one person was answered, in the cache of a query library. */
export interface PersonCache {
  readonly put: (snapshot: Snapshot) => void
  /** Has what is looked at read again, until it is or could not be; all but the snapshot where `isRead` says that it has been. */
  readonly renew: (isRead: boolean) => Promise<unknown>
  /** Drops everything, and has what is looked at read again. */
  readonly forget: () => void
}

/** Keeps a {@link PersonCache} in step with a client. */
export interface Follower {
  /** Passes on what the client learns, until the function it returns is called. */
  readonly connect: () => () => void
  /**
   * Does something, and has what it may have changed read again: it is done when that is, or could not be. What was not done is told
   * at once. @throws BillingRequestError
   */
  readonly write: <Data extends object>(act: () => Promise<Outcome<Data> | Resource<Data>>) => Promise<Data>
}

/** Whose answers a client holds. */
const people = /* @__PURE__ */ new WeakMap<BillingClient<never>, string>()

/** @throws Error for a client that has asked for somebody else: what it holds is theirs. */
export function followClient(client: BillingClient<never>, person: string | null, cache: PersonCache): Follower {
  if (person !== null) {
    if ((people.get(client) ?? person) !== person) throw new Error('Another person signed in: make a new client')
    people.set(client, person)
  }
  let seen: { readonly customer: string | undefined; readonly version: number | undefined } | undefined

  function follow(): void {
    const { data } = client.getSnapshot()
    const last = seen
    seen = { customer: data?.customer, version: data?.entitlementVersion }
    const isSame = last?.customer === seen.customer
    if (last?.customer !== undefined && !isSame) cache.forget()
    if (data) cache.put(data)
    if (isSame && last?.version !== seen.version) void cache.renew(true)
  }

  return {
    connect() {
      if (person === null) return () => undefined
      follow()
      const leave = client.subscribe(follow)
      return () => {
        leave()
        seen = undefined
      }
    },
    async write(act) {
      if (person === null) throw new BillingRequestError({ status: 401 })
      const before = seen?.version
      const outcome = await act()
      // Who goes to another page has changed nothing yet; and what was followed need not be read twice. Who holds seats is not followed.
      const { data } = outcome
      const isDone = data && ('url' in data || (!('seats' in data) && seen && seen.version !== before))
      const reading = isDone || cache.renew(false)
      if (data) await reading
      return answerOf(outcome)
    },
  }
}
