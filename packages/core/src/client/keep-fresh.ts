import type { BillingClient } from './billing-client.ts'
import { watchedResources } from './read-resource.ts'

/** The other tabs are told at most so often; they read the server then, so that nobody has to trust them. */
const quiet = 1000

/** What counting changes. What Stripe is asked for is read again where the entitlement version has changed. */
const counted = /^\/(usage|credits)\b/

/**
 * Keeps what a page shows right for as long as it is open, until the function it returns is called: reads again when the
 * page is looked at, when the network is back, and when another tab of the app has changed something. On return from
 * checkout or portal (`?checkout=done`, `?portal=done`) it has the server read Stripe first, and takes the mark out of
 * the address.
 */
export function keepFresh(client: BillingClient): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  const others = new BroadcastChannel('farebox')
  let shown = shownBy(client)
  let timer: ReturnType<typeof setTimeout> | undefined

  function refresh(isWanted: (path: string) => boolean): void {
    if (document.visibilityState !== 'visible') return
    void client.refresh()
    for (const [path, resource] of watchedResources(client)) if (isWanted(path)) void resource.refresh()
  }

  function refreshAll(): void {
    refresh(() => true)
  }

  function tell(): void {
    const now = shownBy(client)
    if (now.numbers === shown.numbers) return
    shown = now
    timer ??= setTimeout(() => {
      timer = undefined
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
      others.postMessage(shown)
    }, quiet)
  }

  settleReturn(client)
  const leave = client.subscribe(tell)
  addEventListener('visibilitychange', refreshAll, { signal })
  addEventListener('online', refreshAll, { signal })
  others.addEventListener('message', ({ data }: MessageEvent<Shown>) => {
    if (data.customer !== shown.customer || data.numbers === shown.numbers) return
    // What is read now is what the other one has: nobody is told of it again.
    shown = data
    refresh((path) => counted.test(path))
  })
  return () => {
    leave()
    leaving.abort()
    clearTimeout(timer)
    others.close()
  }
}

interface Shown {
  readonly customer: string | undefined
  readonly numbers: string
}

/**
 * What a page shows, to be compared: who has the same has nothing to tell. Gates are left out, for they open by themselves:
 * two pages that read them after each other would tell each other of it for ever.
 */
function shownBy(client: BillingClient): Shown {
  const { data } = client.getSnapshot()
  const usage = Object.entries(data?.usage ?? {}).map(([feature, view]) => [feature, { ...view, gates: [] }])
  return { customer: data?.customer, numbers: JSON.stringify([data?.entitlementVersion, usage]) }
}

function settleReturn(client: BillingClient): void {
  const url = new URL(location.href)
  const { searchParams } = url
  const isBack = searchParams.get('checkout') === 'done' || searchParams.get('portal') === 'done'
  if (!searchParams.has('checkout') && !isBack) return
  searchParams.delete('checkout')
  searchParams.delete('portal')
  history.replaceState(history.state, '', url)
  if (isBack) void client.converge()
}
