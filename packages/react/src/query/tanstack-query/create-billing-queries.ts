import type { BillingClient } from '@farebox/core/client'
import type { InvoicesView } from '@farebox/core/protocol'
import { type BillingRead, type BillingReads, type ReadData, createBillingReads, snapshotPath } from '../billing-reads.ts'
import { BillingRequestError, isPassing } from '../billing-request-error.ts'
import { type BillingWrites, type WriteData, type WriteWish, createBillingWrites } from '../billing-writes.ts'
import { followClient } from '../follow-client.ts'

/** As much of TanStack Query's `QueryClient` as is used. */
export interface QueryClientPort {
  setQueryData(queryKey: readonly unknown[], data: unknown): unknown
  invalidateQueries(filters: QueryFilter): Promise<unknown>
  resetQueries(filters: QueryFilter): Promise<unknown>
}

/** Which queries. */
export interface QueryFilter {
  readonly queryKey: readonly unknown[]
  readonly predicate?: (query: { readonly queryKey: readonly unknown[] }) => boolean
}

/** Options of {@link createBillingQueries}. */
export interface BillingQueriesOptions {
  /** Theirs alone: make a new one for another person. Give it to the provider too, where there is one. */
  readonly client: BillingClient<never>
  /** That of `useQueryClient()`. */
  readonly queryClient: QueryClientPort
  /**
   * Who is signed in, and for which organization, in any spelling that differs where one of them does; `null` for nobody. It is
   * part of every key, so that nobody is shown what another person was answered, and with `null` nothing is asked for.
   */
  readonly person: string | null
}

/** Options for `useQuery`, `useSuspenseQuery`, `prefetchQuery` and all that take the same. */
export interface BillingQuery<Data> {
  readonly queryKey: readonly unknown[]
  /** @throws BillingRequestError */
  readonly queryFn: () => Promise<Data>
  readonly enabled: boolean
  /** Up to three times where no answer came, or one of 500 and above; what was refused is not asked again. */
  readonly retry: (failureCount: number, error: BillingRequestError) => boolean
  /** Milliseconds; absent where the app's own default counts. */
  readonly staleTime?: number
}

/** Options for `useInfiniteQuery`: pages that lead to each other. */
export interface BillingPages<Page> extends Omit<BillingQuery<Page>, 'queryFn'> {
  /** @throws BillingRequestError */
  readonly queryFn: (place: { readonly pageParam: string | null }) => Promise<Page>
  readonly initialPageParam: string | null
  readonly getNextPageParam: (page: Page) => string | null
}

/** Options for `useMutation`. What was answered before is read again after success and after failure. */
export interface BillingMutation<Wish, Data> {
  readonly mutationKey: readonly unknown[]
  /** @throws BillingRequestError */
  readonly mutationFn: (wish: Wish) => Promise<Data>
  /** Never: only a person does a thing twice. */
  readonly retry: (failureCount: number, error: BillingRequestError) => boolean
}

/** One person's billing as options for TanStack Query. */
export type BillingQueries = {
  /** What every key of this person begins with. */
  readonly queryKey: readonly unknown[]
  /**
   * Passes on what the client learns by itself, until the function it returns is called: the numbers of metered answers at once,
   * and after a change of the entitlements everything else is read again.
   */
  readonly connect: () => () => void
  /** Every page of invoices, newest first, for `useInfiniteQuery`. */
  readonly invoices: () => BillingPages<InvoicesView>
} & {
  readonly [Name in Exclude<keyof BillingReads, 'invoices'>]: (...of: Parameters<BillingReads[Name]>) => BillingQuery<ReadData<Name>>
} & {
  readonly [Name in keyof BillingWrites]: () => BillingMutation<WriteWish<Name>, WriteData<Name>>
}

const fiveMinutes = 300_000

/**
 * Options for TanStack Query 5, which is not imported: they are plain objects. Nobody is ever shown what another person was
 * answered. What has failed is thrown as a {@link BillingRequestError}, with its problem document.
 *
 * @throws Error for a client that another person has used: make a new one for whoever signs in.
 */
export function createBillingQueries({ client, queryClient, person }: BillingQueriesOptions): BillingQueries {
  const queryKey = ['farebox', person]
  // What it buys is of the registered catalog.
  const anyClient = client as BillingClient
  const reads = createBillingReads(anyClient)
  const writes = createBillingWrites(anyClient)
  const { connect, write } = followClient(client, person, {
    put: (snapshot) => queryClient.setQueryData([...queryKey, snapshotPath], snapshot),
    renew: (isRead) =>
      queryClient.invalidateQueries({ queryKey, predicate: ({ queryKey: [, , path] }) => !isRead || path !== snapshotPath }),
    forget: () => void queryClient.resetQueries({ queryKey }),
  })

  function query<Data>({ name, load }: BillingRead<Data>): BillingQuery<Data> {
    return { queryKey: [...queryKey, ...name], queryFn: () => asked(load), enabled: person !== null, retry }
  }

  function mutation<Name extends keyof BillingWrites>(name: Name): () => BillingMutation<WriteWish<Name>, WriteData<Name>> {
    return () => ({ mutationKey: [...queryKey, name], mutationFn: (wish) => write(() => writes[name](wish)), retry: () => false })
  }

  async function asked<Data>(load: () => Promise<Data>): Promise<Data> {
    if (person === null) throw new BillingRequestError({ status: 401 })
    return load()
  }

  return {
    queryKey,
    connect,
    snapshot: () => query(reads.snapshot()),
    plans: () => ({ queryKey: ['farebox', null, '/plans'], queryFn: reads.plans().load, enabled: true, retry, staleTime: fiveMinutes }),
    usageHistory: (feature, span) => query(reads.usageHistory(feature, span)),
    credits: () => query(reads.credits()),
    invoices: () => ({
      ...query(reads.invoices()),
      queryFn: ({ pageParam }) => asked(reads.invoices(pageParam).load),
      initialPageParam: null,
      getNextPageParam: ({ next }) => next,
    }),
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

function retry(failureCount: number, error: BillingRequestError): boolean {
  return failureCount < 3 && isPassing(error)
}
