import { type BillingClient, createBillingClient } from '@farebox/core/client'
import type { SeatsView } from '@farebox/core/protocol'
import { QueryClient, QueryClientProvider, useInfiniteQuery, useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { type ReactElement, useEffect, useMemo } from 'react'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../../test/billing-server.ts'
import { createPeople } from '../../../test/people.ts'
import { showsHolders } from '../../../test/seat-holders.ts'
import { mockPaidSnapshot, mockSnapshot } from '../../testing/mock-snapshot.ts'
import { type BillingQueries, BillingRequestError, createBillingQueries } from './index.ts'

interface Props {
  readonly billing: BillingQueries
}

interface AppProps {
  readonly client: BillingClient
  readonly person: string | null
  readonly connected?: boolean
  readonly parts: readonly ((props: Props) => ReactElement)[]
}

/** Makes what everything below it shares, once. */
function App({ client, person, connected = false, parts }: AppProps): ReactElement {
  const queryClient = useQueryClient()
  const billing = useMemo(() => createBillingQueries({ client, queryClient, person }), [client, queryClient, person])
  useEffect(() => (connected ? billing.connect() : undefined), [billing, connected])
  // oxlint-disable-next-line react/no-array-index-key -- a list that stays as it is
  return <>{parts.map((Part, index) => <Part key={index} billing={billing} />)}</>
}

function Plan({ billing }: Props): ReactElement {
  const { data, error } = useQuery(billing.snapshot())
  return <p>{error ? `refused: ${error.problem?.title}` : `${data?.customer} has ${data?.plan}, ${data?.usage['apiCalls']?.used} used`}</p>
}

function Seats({ billing }: Props): ReactElement {
  const { data } = useQuery(billing.seats())
  return <p>seats of {Object.keys(data?.seats ?? {})}</p>
}

function Change({ billing }: Props): ReactElement {
  const change = useMutation(billing.change())
  return (
    <button onClick={() => change.mutate({ plan: 'pro', interval: 'month' })}>
      Change {change.status} {change.error?.problem?.title}
    </button>
  )
}

function Team({ billing }: Props): ReactElement {
  const { data } = useQuery(billing.seats())
  const assign = useMutation(billing.assignSeat())
  const release = useMutation(billing.releaseSeat())
  const words = { idle: 'idle', pending: 'pending', success: 'done', error: 'failed' }
  return (
    <>
      <button onClick={() => assign.mutate({ feature: 'members', member: 'bo' })}>Assign Bo</button>
      <button onClick={() => release.mutate({ feature: 'members', member: 'cy' })}>Release Cy</button>
      <p>{data?.seats['members']?.members.map(({ member }) => member).join(', ')}</p>
      <output>{`${words[assign.status]}, ${words[release.status]}`}</output>
    </>
  )
}

function Invoices({ billing }: Props): ReactElement {
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(billing.invoices())
  return (
    <>
      <p>{data?.pages.flatMap(({ invoices }) => invoices.map(({ id }) => id)).join(' ')}</p>
      {hasNextPage && <button onClick={() => void fetchNextPage()}>More</button>}
    </>
  )
}

function renderIn(queryClient: QueryClient, ui: ReactElement) {
  return render(<QueryClientProvider client={queryClient}>{ui}</QueryClientProvider>)
}

/** As an app has one, but in no hurry to wait. */
function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retryDelay: 1, staleTime: 60_000 } } })
}

const refusal = { type: '/problems/plan-required', title: 'The plan does not include this', status: 402 }

function refuse(): Response {
  return Response.json(refusal, { status: 402 })
}

const changed = { kind: 'changed', plan: 'pro', entitlementVersion: 2 }

describe('queries', () => {
  it('share what was read, with each other and with all that the client shows', async () => {
    const { client, read } = createBillingServer({ 'GET /me': () => mockSnapshot() })
    await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Plan, Plan]} />)
    await expect.element(page.getByText('ann has free, 3 used').nth(1)).toBeVisible()
    expect(read).toEqual(['GET /me'])
    expect(client.getSnapshot().data?.plan).toBe('free')
  })

  it('fail with the problem, and do not ask again for what was refused', async () => {
    const { client, read } = createBillingServer({ 'GET /me': refuse })
    await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Plan]} />)
    await expect.element(page.getByText('refused: The plan does not include this')).toBeVisible()
    expect(read).toEqual(['GET /me'])
  })

  it('ask again where the server failed', async () => {
    let isDown = true
    const me = () => {
      const answer = isDown ? new Response(null, { status: 503 }) : mockSnapshot()
      isDown = false
      return answer
    }
    const { client, read } = createBillingServer({ 'GET /me': me })
    await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Plan]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    expect(read).toEqual(['GET /me', 'GET /me'])
  })

  it('are errors that can be thrown, and tell what could not be read', async () => {
    const { client } = createBillingServer({ 'GET /me': () => new Response('<html>', { status: 502 }) })
    const queryClient = createQueryClient()
    const billing = createBillingQueries({ client, queryClient, person: 'ann' })
    const failed = queryClient.fetchQuery({ ...billing.snapshot(), retry: false })
    await expect(failed).rejects.toThrow(new BillingRequestError({ status: 502 }))
    await expect(failed).rejects.toMatchObject({ name: 'BillingRequestError', status: 502, problem: undefined })
  })

  it('lead from page to page of invoices', async () => {
    const asked: string[] = []
    const client = createBillingClient({
      async fetch(input) {
        const { pathname, search } = new URL(new Request(input).url)
        asked.push(pathname + search)
        return Response.json(search === '' ? { invoices: [{ id: '1' }], next: '1' } : { invoices: [{ id: '2' }], next: null })
      },
    })
    await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Invoices]} />)
    await page.getByRole('button', { name: 'More' }).click()
    await expect.element(page.getByText('1 2')).toBeVisible()
    expect(asked).toEqual(['/api/billing/invoices', '/api/billing/invoices?after=1'])
    expect(page.getByRole('button', { name: 'More' }).elements()).toEqual([])
  })

  it('know what they answer and fail with', () => {
    const { client } = createBillingServer({})
    const billing = createBillingQueries({ client, queryClient: createQueryClient(), person: 'ann' })
    const useTyped = () => ({
      plans: useQuery(billing.plans()),
      seats: useSuspenseQuery(billing.seats()),
      cancel: useMutation(billing.cancel()),
    })
    expectTypeOf<ReturnType<typeof useTyped>['plans']['error']>().toEqualTypeOf<BillingRequestError | null>()
    expectTypeOf<ReturnType<typeof useTyped>['cancel']['error']>().toEqualTypeOf<BillingRequestError | null>()
    expectTypeOf<ReturnType<typeof useTyped>['seats']['data']>().toEqualTypeOf<SeatsView>()
    expectTypeOf(billing.plans().queryFn).returns.resolves.toHaveProperty('plans')
  })
})

describe('mutations', () => {
  it.each([false, true])('have everything read again that they may have changed, connected: %s', async (connected) => {
    let paid = false
    const { client, read, sent } = createBillingServer({
      'GET /me': () => (paid ? mockPaidSnapshot() : mockSnapshot()),
      'POST /change': () => {
        paid = true
        return changed
      },
    })
    await renderIn(createQueryClient(), <App client={client} person="ann" connected={connected} parts={[Plan, Seats, Change]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    await expect.element(page.getByText('seats of members')).toBeVisible()
    read.length = 0
    await page.getByRole('button').click()
    await expect.element(page.getByText(/ann has pro/)).toBeVisible()
    await expect.element(page.getByRole('button')).toHaveTextContent('Change success')
    expect(sent).toEqual([['POST /change', { plan: 'pro', interval: 'month' }]])
    await expect.poll(() => read).toContain('GET /seats')
    expect(read.toSorted()).toEqual(connected ? ['GET /me', 'GET /seats'] : ['GET /me', 'GET /me', 'GET /seats'])
  })

  it.each([['is there', () => mockPaidSnapshot()], ['could not be read', () => new Response(null, { status: 403 })]])(
    'are busy until what they changed %s', async (_, last) => {
      const held: (() => void)[] = []
      const { client, read, sent } = createBillingServer({
        'GET /me': async () => {
          if (read.length < 3) return mockSnapshot()
          await new Promise<void>((resolve) => held.push(resolve))
          return last()
        },
        'POST /change': () => ({ kind: 'changed', plan: 'pro', entitlementVersion: 2 }),
      })
      await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Plan, Change]} />)
      await expect.element(page.getByText(/ann has free/)).toBeVisible()
      await page.getByRole('button').click()
      await expect.poll(() => held.length).toBe(1)
      await expect.element(page.getByRole('button')).toHaveTextContent('Change pending')
      held[0]?.()
      await expect.element(page.getByRole('button')).toHaveTextContent('Change success')
      expect(sent).toHaveLength(1)
    },
  )

  it('fail with the problem, once, and read what they did not know', async () => {
    const { client, read, sent } = createBillingServer({ 'GET /me': () => mockSnapshot(), 'POST /change': refuse })
    await renderIn(createQueryClient(), <App client={client} person="ann" parts={[Plan, Change]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    await page.getByRole('button').click()
    await expect.element(page.getByRole('button')).toHaveTextContent('Change error The plan does not include this')
    await expect.poll(() => read).toEqual(['GET /me', 'GET /me'])
    expect(sent).toHaveLength(1)
  })

  showsHolders((client) => renderIn(createQueryClient(), <App client={client} person="ann" connected parts={[Team]} />))
})

describe('a connected client', () => {
  it('moves the numbers by the fields of metered answers, without a request', async () => {
    const { client, read } = createBillingServer({ 'GET /me': () => mockSnapshot() })
    await renderIn(createQueryClient(), <App client={client} person="ann" connected parts={[Plan]} />)
    await expect.element(page.getByText(/3 used/)).toBeVisible()
    client.observe(new Response(null, { headers: { ratelimit: '"apiCalls";r=1, "tokens";r=0', 'ratelimit-policy': '"apiCalls";q=5, "tokens";q=0' } }))
    await expect.element(page.getByText(/4 used/)).toBeVisible()
    expect(read).toEqual(['GET /me'])
  })
})

describe('another person', () => {
  it('is never shown what the one before was answered, nor is nobody', async () => {
    const people = createPeople()
    const queryClient = createQueryClient()
    const show = (client: BillingClient, person: string | null) => (
      <QueryClientProvider client={queryClient}>
        <App client={client} person={person} connected parts={[Plan, Seats]} />
      </QueryClientProvider>
    )
    people.signIn('ann')
    const ann = people.client()
    const { rerender } = await render(show(ann, 'ann'))
    await expect.element(page.getByText("seats of ann's seats")).toBeVisible()
    people.signIn(null)
    await rerender(show(ann, null))
    expect(document.body.textContent).not.toContain('ann')
    const { length } = people.requests
    people.signIn('bob')
    await rerender(show(people.client(), 'bob'))
    expect(document.body.textContent).not.toContain('ann')
    await expect.element(page.getByText("seats of bob's seats")).toBeVisible()
    await expect.element(page.getByText(/bob has free/)).toBeVisible()
    expect(people.requests.slice(length).toSorted()).toEqual(['GET /me', 'GET /seats'])
  })

  it('is shown nothing of theirs where the sign-in changed below the page', async () => {
    const people = createPeople()
    people.signIn('ann')
    const client = people.client()
    await renderIn(createQueryClient(), <App client={client} person="ann" connected parts={[Plan, Seats]} />)
    await expect.element(page.getByText("seats of ann's seats")).toBeVisible()
    people.signIn('bob')
    await client.refresh()
    await expect.element(page.getByText("seats of bob's seats")).toBeVisible()
    expect(document.body.textContent).not.toContain('ann')
    people.signIn(null)
    await client.refresh()
    await expect.poll(() => document.body.textContent).not.toContain('bob')
  })

  it('needs a client of their own', () => {
    const { client } = createBillingServer({})
    const queryClient = createQueryClient()
    createBillingQueries({ client, queryClient, person: 'ann' })
    createBillingQueries({ client, queryClient, person: null })
    createBillingQueries({ client, queryClient, person: 'ann' })
    expect(() => createBillingQueries({ client, queryClient, person: 'bob' })).toThrow('Another person signed in')
  })

  it('is asked about by no one while nobody is signed in', async () => {
    const { client, read, sent } = createBillingServer({})
    const queryClient = createQueryClient()
    const billing = createBillingQueries({ client, queryClient, person: null })
    await expect(queryClient.fetchQuery(billing.seats())).rejects.toMatchObject({ status: 401 })
    await expect(billing.change().mutationFn({ plan: 'pro' })).rejects.toMatchObject({ status: 401 })
    expect(await queryClient.fetchQuery(billing.plans())).toHaveProperty('plans')
    expect([...read, ...sent]).toEqual(['GET /plans'])
  })
})
