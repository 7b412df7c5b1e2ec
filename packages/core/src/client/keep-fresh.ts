import type { BillingClient } from './billing-client.ts'
import { watchedResources } from './read-resource.ts'

/** The other tabs are told at most so often; they read the server then, so that nobody has to trust them. */
const quiet = 1000

/** Who looks at a page twice within so many milliseconds sees what was read the first time. */
const glance = 5000

/** What counting changes. What Stripe is asked for is read again where the entitlement version has changed. */
const counted = /^\/(usage|credits)\b/

/**
 * Keeps what a page shows right for as long as it is open, until the function it returns is called: reads again when the
 * page is looked at, at most once in five seconds, when somebody comes back to it from another page, when the network is back, and
 * when another tab of the app has changed something. On return from checkout or portal (`?checkout=done`, `?portal=done`) it has the server read Stripe first, and
 * takes the mark out of the address.
 */
export function keepFresh(client: BillingClient<never>): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  let others: Partial<BroadcastChannel> = {}
  let shown = shownBy(client)
  let timer: ReturnType<typeof setTimeout> | undefined
  let lookedAt = 0
  let isTold = false

  async function refresh(wanted = /^/): Promise<void> {
    for (const [path, resource] of watchedResources(client)) if (wanted.test(path)) void resource.refresh()
    await client.refresh()
    isTold = false
  }

  /** A tab that is turned to is shown and has the focus, one after the other; a window beside another has the focus alone. */
  function look(): void {
    // Of a clock, for a timer stands still while the page does.
    const now = Date.now()
    if (document.hidden || Math.abs(now - lookedAt) < glance) return
    lookedAt = now
    void refresh()
  }

  function tell(): void {
    const now = shownBy(client)
    if (now.numbers === shown.numbers) return
    shown = now
    if (isTold) return
    timer ??= setTimeout(() => {
      timer = undefined
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
      others.postMessage?.(shown)
    }, quiet)
  }

  try {
    others = new BroadcastChannel('farebox')
  } catch {
    // Some browsers have none, and others give none to a page that may store nothing.
  }
  settleReturn(client)
  const leave = client.subscribe(tell)
  // Who goes to another page and comes back looks anew.
  addEventListener('pagehide', () => (lookedAt = 0), { signal })
  addEventListener('visibilitychange', look, { signal })
  addEventListener('focus', look, { signal })
  addEventListener('online', () => void refresh(), { signal })
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- there may be no channel to add it to
  others.onmessage = ({ data }: MessageEvent<Shown>) => {
    if (data.customer !== shown.customer || data.numbers === shown.numbers) return
    // What is read now the others read as well: nobody is told of it again, or two pages of a busy customer never came to rest.
    shown = data
    // What is not read now is read as soon as somebody looks.
    lookedAt = 0
    if (document.hidden) return
    isTold = true
    void refresh(counted)
  }
  return () => {
    leave()
    leaving.abort()
    clearTimeout(timer)
    others.close?.()
  }
}

interface Shown {
  readonly customer: string | undefined
  readonly numbers: string
}

/**
 * What a page shows, to be compared: who has the same has nothing to tell. Gates, the only lists of it, are left out, for they open
 * by themselves: two pages that read them after each other would tell each other of it for ever.
 */
function shownBy(client: BillingClient<never>): Shown {
  const { customer, entitlementVersion: version, usage } = client.getSnapshot().data ?? {}
  return { customer, numbers: JSON.stringify({ version, usage }, (_name, value: unknown) => (Array.isArray(value) ? undefined : value)) }
}

function settleReturn(client: BillingClient<never>): void {
  const [, mark, end] = /[?&](checkout|portal)=(done|canceled)(&|$)/.exec(location.search) ?? []
  if (!mark) return
  const url = new URL(location.href)
  url.searchParams.delete(mark)
  history.replaceState(history.state, '', url)
  if (end === 'done') void client.converge()
}
