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
 * about something else.
 *
 * @param subject what it is about, where that changes.
 */
export function useAction<Request extends readonly unknown[], Data>(
  act: (...request: Request) => Promise<Outcome<Data>>,
  subject?: object,
): Action<Request, Data> {
  const { client } = useBillingContext()
  const [, render] = React.useState<object>()
  const present = React.useRef(client)
  present.current = client
  const attempt = React.useMemo((): Attempt<Data> => ({ state: idle }), [client, subject])
  function become(state: ActionState<Data>): void {
    attempt.state = state
    render({})
  }
  async function run(...request: Request): Promise<Outcome<Data> | undefined> {
    if (attempt.state.status === 'pending') return undefined
    become({ status: 'pending' })
    const outcome = await act(...request)
    become(outcome)
    return present.current === client ? outcome : undefined
  }
  return { ...attempt.state, run, reset: () => become(idle) }
}

/** How the last attempt of one client at one thing goes. It is written where two clicks of one moment both see it. */
interface Attempt<Data> {
  state: ActionState<Data>
}
