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
 * about something else. @param given what it is about, which is the client's alone.
 */
export function useAction<Request extends readonly unknown[], Data>(
  act: (...request: Request) => Promise<Outcome<Data>>,
  given?: object,
): Action<Request, Data> {
  const { client } = useBillingContext()
  const subject = given ?? client
  const [last, setLast] = React.useState<Attempt<Data>>({ subject, state: idle })
  const underWay = React.useRef<object>(undefined)
  const present = React.useRef(client)
  React.useEffect(() => {
    present.current = client
  }, [client])
  async function run(...request: Request): Promise<Outcome<Data> | undefined> {
    if (underWay.current === subject) return undefined
    underWay.current = subject
    setLast({ subject, state: { status: 'pending' } })
    const state = await act(...request)
    if (underWay.current === subject) underWay.current = undefined
    setLast((known) => (known.subject === subject ? { subject, state } : known))
    return present.current === client ? state : undefined
  }
  return { ...(last.subject === subject ? last.state : idle), run, reset: () => setLast({ subject, state: idle }) }
}

/** An attempt, and what it was about. */
interface Attempt<Data> {
  readonly subject: object
  readonly state: ActionState<Data>
}
