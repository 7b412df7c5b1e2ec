import type { BillingClient, BillingError, Outcome } from '@farebox/core/client'
import * as React from 'react'
import { useBillingContext } from './billing-context.ts'

/** Something that can be asked of the server, and how the last attempt went. */
export type Action<Request extends readonly unknown[], Data> = ActionState<Data> & {
  /** Asks for it. Never rejects; while one attempt is under way another is not begun, and `undefined` is answered. */
  readonly run: (...request: Request) => Promise<Outcome<Data> | undefined>
  readonly reset: () => void
}

/** How the last attempt went. */
export type ActionState<Data> =
  | { readonly status: 'idle' | 'pending'; readonly data?: undefined; readonly error?: undefined }
  | { readonly status: 'success'; readonly data: Data; readonly error?: undefined }
  | { readonly status: 'error'; readonly error: BillingError; readonly data?: undefined }

const idle: ActionState<never> = { status: 'idle' }

/** An action with its state. Two clicks are one. What became of it is forgotten when another client takes its place. */
export function useAction<Request extends readonly unknown[], Data>(
  act: (...request: Request) => Promise<Outcome<Data>>,
): Action<Request, Data> {
  const { client } = useBillingContext()
  const [last, setLast] = React.useState<Attempt<Data>>({ client, state: idle })
  const underWay = React.useRef<BillingClient>(undefined)
  async function run(...request: Request): Promise<Outcome<Data> | undefined> {
    if (underWay.current === client) return undefined
    underWay.current = client
    setLast({ client, state: { status: 'pending' } })
    const state = await act(...request)
    if (underWay.current === client) underWay.current = undefined
    setLast((known) => (known.client === client ? { client, state } : known))
    return state
  }
  return { ...(last.client === client ? last.state : idle), run, reset: () => setLast({ client, state: idle }) }
}

/** An attempt, and on whose behalf it was made. */
interface Attempt<Data> {
  readonly client: BillingClient
  readonly state: ActionState<Data>
}
