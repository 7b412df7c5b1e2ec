import { type BillingClient, type BillingState, createBillingClient, keepFresh } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import * as React from 'react'
import { createFormat } from '../messages/format.ts'
import type { Messages } from '../messages/messages.ts'
import { BillingContext, isPromise } from './billing-context.ts'
import type { FeatureName } from './register.ts'

/** Props of {@link BillingProvider}. */
export interface BillingProviderProps {
  /** A client of your own, for tokens or another base path; else one for `/api/billing` is made. */
  readonly client?: BillingClient<never> | undefined
  /**
   * What the server read, or a promise of it: then nothing is loaded at first, and no number flickers. A promise of nothing, or a
   * broken one, is as none: the browser asks itself. It counts for the client that it came with: another one reads its own.
   * `null`, or a promise of it, says that nobody is signed in: then nothing is asked.
   */
  readonly snapshot?: Snapshot | Promise<Snapshot | null | undefined> | null | undefined
  /** A BCP 47 tag; `en` unless said otherwise, never the runtime's own. */
  readonly locale?: string
  /** An IANA zone; `UTC` unless said otherwise, never the runtime's own. */
  readonly timeZone?: string
  /** Every text, or some of them over English: a language of `@farebox/react/locales`, or your own words. */
  readonly messages?: Partial<Messages>
  /** What people call the features: `{ apiCalls: 'API calls' }`. */
  readonly labels?: { readonly [Feature in FeatureName]?: string }
  /** Where to ask for a plan that has no price: a page, or `mailto:`. Without it the button of such a plan is left out. */
  readonly contactUrl?: string | undefined
  /** Whether to read again on focus, on return from checkout and after changes in other tabs; true unless said otherwise. */
  readonly live?: boolean
  readonly children?: React.ReactNode
}

/** Shares one customer's snapshot with every hook and component below. Loads it when no one gave it. */
export function BillingProvider(props: BillingProviderProps): React.ReactElement {
  const { client: given, snapshot, locale = 'en', timeZone = 'UTC', messages, labels, contactUrl, live: isLive = true, children } = props
  // Which plans there are the server has told whoever asks for one here.
  const client = React.useMemo(() => (given as BillingClient | undefined) ?? createBillingClient(), [given])
  const isNobody = snapshot === null
  const initial = React.useMemo(() => (isNobody ? nobody : client.getSnapshot()), [client, isNobody])
  const live = React.useRef<HTMLOutputElement>(null)
  // What came with one client is not what another person has.
  const [at, setAt] = React.useState<{ client: BillingClient; snapshot: unknown; left?: unknown }>({ client, snapshot })
  if (at.client !== client || at.snapshot !== snapshot) {
    setAt({ client, snapshot, left: at.client !== client && at.snapshot === snapshot ? snapshot : at.left })
  }
  const seed = snapshot && (snapshot === at.left ? undefined : isPromise(snapshot) ? settle(snapshot) : snapshot)
  const isFresh = isLive && !isNobody
  const said = React.useRef<string[]>([])
  const told = React.useRef<unknown>(undefined)
  const context = React.useMemo(() => {
    const names: Readonly<Record<string, string | undefined>> = { ...labels }
    return {
      client,
      initial,
      seed,
      messages: { ...messages },
      format: createFormat(locale, timeZone),
      labelOf: (feature: string): string => names[feature] ?? feature,
      contactUrl,
      announce(text: string): void {
        // What is said at once is heard as one: a text that takes the place of another silences it.
        if (said.current.push(text) === 1) queueMicrotask(() => live.current?.replaceChildren(said.current.splice(0).join('\n')))
      },
    }
  }, [client, initial, seed, messages, labels, contactUrl, locale, timeZone])

  React.useEffect(() => {
    let isLeft = false
    void Promise.resolve(seed).then<unknown>((data) => {
      // What comes late may be of somebody who has signed out, and so may what was told before the page was hidden, as <Activity> does.
      if (isLeft || (seed !== undefined && told.current === seed)) return
      told.current = seed
      return data === undefined ? (client.getSnapshot().data ?? client.refresh()) : client.accept(data)
    })
    return () => {
      isLeft = true
    }
  }, [client, seed])
  React.useEffect(() => (isFresh ? keepFresh(client) : undefined), [client, isFresh])

  return (
    <BillingContext.Provider value={context}>
      {children}
      <output ref={live} data-slot="billing-announcer" />
    </BillingContext.Provider>
  )
}

/** What a client is told by `null`: a server has to begin with it. */
const nobody: BillingState = { status: 'error', error: { status: 401 } }

/** Rendering may begin anew while it waits, and has to find the same promise again. */
const settled = /* @__PURE__ */ new WeakMap<Promise<unknown>, Promise<Snapshot | null | undefined>>()

function settle(promise: Promise<Snapshot | null | undefined>): Promise<Snapshot | null | undefined> {
  const known = settled.get(promise) ?? Promise.resolve(promise).catch(() => undefined)
  settled.set(promise, known)
  return known
}
