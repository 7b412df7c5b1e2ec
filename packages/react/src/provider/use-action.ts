import type { BillingError, Outcome } from '@farebox/core/client'
import * as React from 'react'
import { useBillingContext } from './billing-context.ts'

/** Something that can be asked of the server, and how the last attempt went. */
export type Action<Request extends readonly unknown[], Data> = ActionState<Data> & {
  /**
   * Asks for it. Never rejects; `undefined` is answered while one attempt is under way, for another is not begun, and where another
   * client has taken the place of the one that asked.
   */
  readonly run: (...request: Request) => Promise<Outcome<Data> | undefined>
  /** Forgets what became of the last attempt. While one is under way it does nothing. */
  readonly reset: () => void
}

/** How the last attempt went. */
export type ActionState<Data> =
  | { readonly status: 'idle' | 'pending'; readonly data?: undefined; readonly error?: undefined }
  | { readonly status: 'success'; readonly data: Data; readonly error?: undefined }
  | { readonly status: 'error'; readonly error: BillingError; readonly data?: undefined }

const idle: ActionState<never> = { status: 'idle' }

/**
 * An action with its state. Two clicks are one. What became of it is forgotten when another client takes its place, or when it is
 * about something else.
 *
 * @param subject what it is about, where that changes.
 */
export function useAction<Request extends readonly unknown[], Data>(
  act: (...request: Request) => Promise<Outcome<Data>>,
  subject?: object,
): Action<Request, Data> {
  const { client } = useBillingContext()
  const [last, setLast] = React.useState<Attempt<Data>>({ subject, client, state: idle })
  const underWay = React.useRef<Attempt<Data>>(undefined)
  React.useEffect(() => {
    // A page that was hidden meanwhile, as <Activity> does, goes on with what is under way.
    if (underWay.current?.client !== client) underWay.current = undefined
  }, [client])
  async function run(...request: Request): Promise<Outcome<Data> | undefined> {
    if (underWay.current) return undefined
    const mine: Attempt<Data> = { subject, client, state: { status: 'pending' } }
    setLast((underWay.current = mine))
    const state = await act(...request)
    if (underWay.current !== mine) return undefined
    underWay.current = undefined
    setLast({ ...mine, state })
    return state
  }
  function reset(): void {
    if (!underWay.current) setLast({ subject, client, state: idle })
  }
  return { ...(last.subject === subject && last.client === client ? last.state : idle), run, reset }
}

/** An attempt, what it was about, and who made it. */
interface Attempt<Data> {
  readonly subject: object | undefined
  readonly client: object
  readonly state: ActionState<Data>
}
