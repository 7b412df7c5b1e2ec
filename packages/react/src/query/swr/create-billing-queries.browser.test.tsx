import { type BillingClient, createBillingClient } from '@farebox/core/client'
import type { InvoiceView, InvoicesView, Snapshot } from '@farebox/core/protocol'
import { type ReactElement, useEffect, useMemo } from 'react'
import useSWR, { SWRConfig, useSWRConfig } from 'swr'
import useSWRInfinite, { unstable_serialize } from 'swr/infinite'
import useSWRMutation from 'swr/mutation'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../../test/billing-server.ts'
import { createPeople } from '../../../test/people.ts'
import { showsHolders } from '../../../test/seat-holders.ts'
import { mockAnswers } from '../../testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot } from '../../testing/mock-snapshot.ts'
import { type BillingQueries, type BillingRequestError, createBillingQueries } from './index.ts'

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
  const { mutate } = useSWRConfig()
  const billing = useMemo(() => createBillingQueries({ client, mutate, person }), [client, mutate, person])
  useEffect(() => (connected ? billing.connect() : undefined), [billing, connected])
  // oxlint-disable-next-line react/no-array-index-key -- a list that stays as it is
  return <>{parts.map((Part, index) => <Part key={index} billing={billing} />)}</>
}

function Plan({ billing }: Props): ReactElement {
  const { data, error } = useSWR<Snapshot, BillingRequestError>(...billing.snapshot())
  expectTypeOf(error).toEqualTypeOf<BillingRequestError | undefined>()
  return <p>{error ? `refused: ${error.problem?.title}` : `${data?.customer} has ${data?.plan}, ${data?.usage['apiCalls']?.used} used`}</p>
}

function Seats({ billing }: Props): ReactElement {
  const { data } = useSWR(...billing.seats())
  return <p>seats of {Object.keys(data?.seats ?? {})}</p>
}

function stateOf({ isMutating, data }: { readonly isMutating: boolean; readonly data: unknown }): string {
  return isMutating ? 'pending' : data ? 'done' : 'idle'
}

function Team({ billing }: Props): ReactElement {
  const { data } = useSWR(...billing.seats())
  const assign = useSWRMutation(...billing.assignSeat())
  const release = useSWRMutation(...billing.releaseSeat())
  return (
    <>
      <button onClick={() => void assign.trigger({ feature: 'members', member: 'bo' })}>Assign Bo</button>
      <button onClick={() => void release.trigger({ feature: 'members', member: 'cy' })}>Release Cy</button>
      <p>{data?.seats['members']?.members.map(({ member }) => member).join(', ')}</p>
      <output>{`${stateOf(assign)}, ${stateOf(release)}`}</output>
    </>
  )
}

function Invoices({ billing }: Props): ReactElement {
  const { data, error, size, setSize } = useSWRInfinite<InvoicesView, BillingRequestError>(...billing.invoicePages(unstable_serialize))
  return (
    <>
      <p>invoices {data?.flatMap(({ invoices }) => invoices.map(({ id, status }) => `${id} ${status}`)).join()} {error?.problem?.title}</p>
      {data?.at(-1)?.next != null && <a href="#more" onClick={() => void setSize(size + 1)}>More</a>}
    </>
  )
}

function Change({ billing }: Props): ReactElement {
  const { trigger, data, error, isMutating } = useSWRMutation(...billing.change())
  expectTypeOf(error).toEqualTypeOf<BillingRequestError | undefined>()
  return (
    <button onClick={() => void trigger({ plan: 'pro', interval: 'month' }).catch(() => undefined)}>
      Change {isMutating ? 'busy' : data?.kind} {error?.problem?.title}
    </button>
  )
}

/** As an app has one, but with a cache of its own and in no hurry to wait. */
function Cache({ cache, children }: { readonly cache: Map<string, object>; readonly children: ReactElement }): ReactElement {
  return <SWRConfig value={{ provider: () => cache, errorRetryInterval: 1, focusThrottleInterval: 0 }}>{children}</SWRConfig>
}

function renderIn(ui: ReactElement) {
  return render(<Cache cache={new Map()}>{ui}</Cache>)
}

function refuse(): Response {
  return Response.json({ type: '/problems/plan-required', title: 'The plan does not include this', status: 402 }, { status: 402 })
}

describe('queries', () => {
  it('share what was read, with each other and with all that the client shows', async () => {
    const { client, read } = createBillingServer({ 'GET /me': () => mockSnapshot() })
    await renderIn(<App client={client} person="ann" parts={[Plan, Plan]} />)
    await expect.element(page.getByText('ann has free, 3 used').nth(1)).toBeVisible()
    expect(read).toEqual(['GET /me'])
    expect(client.getSnapshot().data?.plan).toBe('free')
  })

  it('fail with the problem, and do not ask again for what was refused', async () => {
    const { client, read } = createBillingServer({ 'GET /me': refuse })
    await renderIn(<App client={client} person="ann" parts={[Plan]} />)
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
    await renderIn(<App client={client} person="ann" parts={[Plan]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    expect(read).toEqual(['GET /me', 'GET /me'])
  })
})

/** Pages of one invoice each. A change pays them, and makes a new one. */
function createInvoices() {
  const asked: string[] = []
  const [open] = Object(mockAnswers()['GET /invoices']).invoices as readonly [InvoiceView]
  const state = { ids: ['a', 'b', 'c'], status: 'open' as InvoiceView['status'], isRefused: false }
  const client = createBillingClient({
    async fetch(input) {
      const { pathname, search, searchParams } = new URL(new Request(input).url)
      if (pathname.endsWith('/me')) return Response.json(mockPaidSnapshot())
      if (pathname.endsWith('/change')) {
        Object.assign(state, { ids: ['new', ...state.ids], status: 'paid' })
        return Response.json({ kind: 'unchanged', plan: 'pro' })
      }
      asked.push(search)
      if (state.isRefused) return refuse()
      const [id = '', next] = state.ids.slice(state.ids.indexOf(searchParams.get('after') ?? '') + 1)
      return Response.json({ invoices: [{ ...open, id, status: state.status }], next: next === undefined ? null : id } satisfies InvoicesView)
    },
  })
  return { client, asked, state }
}

describe('pages of invoices', () => {
  it('are read one after the other, and the first once more after a change, with those that it moved', async () => {
    const { client, asked } = createInvoices()
    await renderIn(<App client={client} person="ann" parts={[Invoices, Change]} />)
    await expect.element(page.getByText('invoices a open')).toBeVisible()
    expect(asked).toEqual([''])
    await page.getByRole('link', { name: 'More' }).click()
    await expect.element(page.getByText('invoices a open,b open')).toBeVisible()
    await page.getByRole('link', { name: 'More' }).click()
    await expect.element(page.getByText('invoices a open,b open,c open')).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'More' })).not.toBeInTheDocument()
    asked.length = 0
    await page.getByRole('button').click()
    await expect.element(page.getByText('invoices new paid,a paid,b paid')).toBeVisible()
    await expect.element(page.getByRole('button')).toHaveTextContent('Change unchanged')
    expect(asked).toEqual(['', '?after=new', '?after=a'])
  })

  it('fail with the problem, and are not asked for by nobody', async () => {
    const { client, asked, state } = createInvoices()
    state.isRefused = true
    const { rerender } = await renderIn(<App client={client} person="ann" parts={[Invoices]} />)
    await expect.element(page.getByText('invoices The plan does not include this')).toBeVisible()
    expect(asked).toEqual([''])
    await rerender(<Cache cache={new Map()}><App client={client} person={null} parts={[Invoices]} /></Cache>)
    await expect.element(page.getByText('invoices The plan does not include this')).not.toBeInTheDocument()
    expect(asked).toEqual([''])
  })

  it('of one person are never shown to another', async () => {
    const [ann, bob] = [createInvoices(), createInvoices()]
    bob.state.isRefused = true
    const cache = new Map<string, object>()
    const { rerender } = await render(<Cache cache={cache}><App client={ann.client} person="ann" parts={[Invoices]} /></Cache>)
    await expect.element(page.getByText('invoices a open')).toBeVisible()
    await rerender(<Cache cache={cache}><App client={bob.client} person="bob" parts={[Invoices]} /></Cache>)
    await expect.element(page.getByText('invoices The plan does not include this')).toBeVisible()
  })
})

describe('mutations', () => {
  it.each([false, true])('have everything read again that they may have changed, connected: %s', async (connected) => {
    let paid = false
    const { client, read, sent } = createBillingServer({
      'GET /me': () => (paid ? mockPaidSnapshot() : mockSnapshot()),
      'POST /change': () => {
        paid = true
        return { kind: 'changed', plan: 'pro', entitlementVersion: 2 }
      },
    })
    await renderIn(<App client={client} person="ann" connected={connected} parts={[Plan, Seats, Change]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    await expect.element(page.getByText('seats of members')).toBeVisible()
    read.length = 0
    await page.getByRole('button').click()
    await expect.element(page.getByText(/ann has pro/)).toBeVisible()
    await expect.element(page.getByRole('button')).toHaveTextContent('Change changed')
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
      await renderIn(<App client={client} person="ann" parts={[Plan, Change]} />)
      await expect.element(page.getByText(/ann has free/)).toBeVisible()
      await page.getByRole('button').click()
      await expect.poll(() => held.length).toBe(1)
      await expect.element(page.getByRole('button')).toHaveTextContent('Change busy')
      held[0]?.()
      await expect.element(page.getByRole('button')).toHaveTextContent('Change changed')
      expect(sent).toHaveLength(1)
    },
  )

  it('fail with the problem, once, and read what they did not know', async () => {
    const { client, read, sent } = createBillingServer({ 'GET /me': () => mockSnapshot(), 'POST /change': refuse })
    await renderIn(<App client={client} person="ann" parts={[Plan, Change]} />)
    await expect.element(page.getByText(/ann has free/)).toBeVisible()
    await page.getByRole('button').click()
    await expect.element(page.getByRole('button')).toHaveTextContent('Change The plan does not include this')
    await expect.poll(() => read).toEqual(['GET /me', 'GET /me'])
    expect(sent).toHaveLength(1)
  })

  showsHolders((client) => renderIn(<App client={client} person="ann" connected parts={[Team]} />))
})

describe('a connected client', () => {
  it('moves the numbers by the fields of metered answers, without a request', async () => {
    const { client, read } = createBillingServer({ 'GET /me': () => mockSnapshot() })
    await renderIn(<App client={client} person="ann" connected parts={[Plan]} />)
    await expect.element(page.getByText(/3 used/)).toBeVisible()
    client.observe(new Response(null, { headers: { ratelimit: '"apiCalls";r=1, "tokens";r=0', 'ratelimit-policy': '"apiCalls";q=5, "tokens";q=0' } }))
    await expect.element(page.getByText(/4 used/)).toBeVisible()
    expect(read).toEqual(['GET /me'])
  })
})

describe('another person', () => {
  it('is never shown what the one before was answered, nor is nobody', async () => {
    const people = createPeople()
    const cache = new Map<string, object>()
    const show = (client: BillingClient, person: string | null) => (
      <Cache cache={cache}>
        <App client={client} person={person} connected parts={[Plan, Seats]} />
      </Cache>
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
    await renderIn(<App client={client} person="ann" connected parts={[Plan, Seats]} />)
    await expect.element(page.getByText("seats of ann's seats")).toBeVisible()
    people.signIn('bob')
    await client.refresh()
    await expect.element(page.getByText("seats of bob's seats")).toBeVisible()
    expect(document.body.textContent).not.toContain('ann')
    people.signIn(null)
    await client.refresh()
    await expect.poll(() => document.body.textContent).not.toContain('bob')
  })
})
