import type { BillingClient } from '@farebox/core/client'
import type { InvoicesView } from '@farebox/core/protocol'
import { type BillingRead, type BillingReads, type ReadData, createBillingReads, snapshotPath } from '../billing-reads.ts'
import { type BillingRequestError, isPassing } from '../billing-request-error.ts'
import { type BillingWrites, type WriteData, type WriteWish, createBillingWrites } from '../billing-writes.ts'
import { followClient } from '../follow-client.ts'

/** As much of SWR's `mutate` as is used. */
export interface MutatePort {
  (which: (key: unknown) => boolean, data?: undefined): Promise<unknown>
  (key: string | readonly unknown[], data?: unknown, options?: { readonly revalidate: boolean }): Promise<unknown>
}

/** Options of {@link createBillingQueries}. */
export interface BillingQueriesOptions {
  /** Theirs alone: make a new one for another person. Give it to the provider too, where there is one. */
  readonly client: BillingClient<never>
  /** That of `useSWRConfig()`, or the one that `swr` exports. */
  readonly mutate: MutatePort
  /**
   * Who is signed in, and for which organization, in any spelling that differs where one of them does; `null` for nobody. It is
   * part of every key, so that nobody is shown what another person was answered, and with `null` nothing is asked for.
   */
  readonly person: string | null
}

/**
 * What `useSWR` takes: `useSWR(...billing.snapshot())`. A key of `null` asks for nothing. SWR cannot infer what `error` is:
 * `useSWR<Snapshot, BillingRequestError>(...)` tells it.
 */
export type BillingQuery<Data> = readonly [
  key: readonly unknown[] | null,
  /** @throws BillingRequestError */
  fetcher: () => Promise<Data>,
  options: {
    /** Where no answer came, or one of 500 and above; what was refused is not asked again. */
    readonly shouldRetryOnError: (error: BillingRequestError) => boolean
  },
]

/** What `useSWRInfinite` takes. */
export type BillingPages<Page> = readonly [
  key: PageKey<Page>,
  /** @throws BillingRequestError */
  fetcher: (key: readonly unknown[]) => Promise<Page>,
  options: BillingQuery<Page>[2],
]

/** What a page is called in the cache; `null` where there is none after the one before. */
export type PageKey<Page> = (index: number, before: Page | null) => readonly unknown[] | null

/** What `useSWRMutation` takes. What was answered before is read again after success and after failure. */
export type BillingMutation<Wish, Data> = readonly [
  key: readonly unknown[],
  /** @throws BillingRequestError */
  fetcher: (key: unknown, wish: { readonly arg: Wish }) => Promise<Data>,
  options: { readonly onError?: (error: BillingRequestError) => void },
]

/** One person's billing as arguments for SWR. */
export type BillingQueries = {
  /**
   * Passes on what the client learns by itself, until the function it returns is called: the numbers of metered answers at once,
   * and after a change of the entitlements everything else is read again.
   */
  readonly connect: () => () => void
  /**
   * Every page of invoices, newest first, one at a time: `useSWRInfinite(...billing.invoicePages(unstable_serialize))`. The first is
   * read again after changes, and of the others those that another invoice has moved.
   *
   * @param serialize what `swr/infinite` calls its cached lists: its `unstable_serialize`.
   */
  readonly invoicePages: (serialize: (key: PageKey<InvoicesView>) => string) => BillingPages<InvoicesView>
} & {
  readonly [Name in keyof BillingReads]: (...of: Parameters<BillingReads[Name]>) => BillingQuery<ReadData<Name>>
} & {
  readonly [Name in keyof BillingWrites]: () => BillingMutation<WriteWish<Name>, WriteData<Name>>
}

/**
 * Arguments for the hooks of SWR 2, which is not imported: they are plain lists. Nobody is ever shown what another person was
 * answered. What has failed is thrown as a {@link BillingRequestError}, with its problem document.
 *
 * @throws Error for a client that another person has used: make a new one for whoever signs in.
 */
export function createBillingQueries({ client, mutate, person }: BillingQueriesOptions): BillingQueries {
  const own = ['farebox', person]
  // What it buys is of the registered catalog.
  const anyClient = client as BillingClient
  const reads = createBillingReads(anyClient)
  const writes = createBillingWrites(anyClient)
  const isOwn = (key: unknown): key is readonly unknown[] => Array.isArray(key) && key[0] === 'farebox' && key[1] === person
  const pageKey: PageKey<InvoicesView> = (_, before) => (before?.next === null ? null : query(reads.invoices(before?.next))[0])
  /** What SWR calls all pages of invoices together: it hears of them by that name alone. */
  let pages = ''

  const { connect, write } = followClient(client, person, {
    put: (snapshot) => void mutate([...own, snapshotPath], snapshot, { revalidate: false }),
    renew: (isRead) => Promise.all([mutate((key) => isOwn(key) && !(isRead && key[2] === snapshotPath)), mutate(pages)]),
    forget() {
      void mutate(isOwn, undefined)
      void mutate(pages, undefined)
    },
  })
  const options = { shouldRetryOnError: isPassing }

  function query<Data>({ name, load }: BillingRead<Data>): BillingQuery<Data> {
    return [person === null ? null : [...own, ...name], load, options]
  }

  function mutation<Name extends keyof BillingWrites>(name: Name): () => BillingMutation<WriteWish<Name>, WriteData<Name>> {
    return () => [[...own, name], (_, { arg }) => write(() => writes[name](arg)), {}]
  }

  return {
    connect,
    snapshot: () => query(reads.snapshot()),
    plans: () => [['farebox', null, '/plans'], reads.plans().load, options],
    usageHistory: (feature, span) => query(reads.usageHistory(feature, span)),
    credits: () => query(reads.credits()),
    invoices: (after) => query(reads.invoices(after)),
    invoicePages(serialize) {
      pages = serialize(pageKey)
      return [pageKey, ({ 3: place }) => reads.invoices(Object(place).after).load(), options]
    },
    upcoming: () => query(reads.upcoming()),
    paymentMethods: () => query(reads.paymentMethods()),
    seats: () => query(reads.seats()),
    planChange: (wish) => query(reads.planChange(wish)),
    checkout: mutation('checkout'),
    portal: mutation('portal'),
    change: mutation('change'),
    cancel: mutation('cancel'),
    resume: mutation('resume'),
    pause: mutation('pause'),
    converge: mutation('converge'),
    assignSeat: mutation('assignSeat'),
    releaseSeat: mutation('releaseSeat'),
  }
}
