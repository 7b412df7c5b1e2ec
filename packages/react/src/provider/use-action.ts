import type { BillingError, Outcome } from '@farebox/core/client'
import * as React from 'react'

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

/** An action with its state. Two clicks are one. */
export function useAction<Request extends readonly unknown[], Data>(
  act: (...request: Request) => Promise<Outcome<Data>>,
): Action<Request, Data> {
  const [state, setState] = React.useState<ActionState<Data>>(idle)
  const isUnderWay = React.useRef(false)
  async function run(...request: Request): Promise<Outcome<Data> | undefined> {
    if (isUnderWay.current) return undefined
    isUnderWay.current = true
    setState({ status: 'pending' })
    const outcome = await act(...request)
    isUnderWay.current = false
    setState(outcome)
    return outcome
  }
  return { ...state, run, reset: () => setState(idle) }
}
