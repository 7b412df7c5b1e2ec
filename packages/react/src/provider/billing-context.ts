import type { BillingClient, BillingState } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import * as React from 'react'
import type { Format } from '../messages/format.ts'
import type { Messages } from '../messages/messages.ts'

/** What the provider gives to everything below it. */
export interface BillingContextValue {
  readonly client: BillingClient
  /** What the client knew at first: what is hydrated late has to begin with it as well. */
  readonly initial: BillingState
  /** What the server rendered with, until the client has it; `null` where nobody is signed in. */
  readonly seed: Snapshot | Promise<Snapshot | null | undefined> | null | undefined
  readonly messages: Partial<Messages>
  readonly format: Format
  /** What people call a feature; its name in the catalog where the provider has no label for it. */
  readonly labelOf: (feature: string) => string
  /** Where to ask for what has no price. */
  readonly contactUrl: string | undefined
  /** Tells people who listen instead of look. */
  readonly announce: (text: string) => void
}

export const BillingContext: React.Context<BillingContextValue | undefined> = React.createContext<BillingContextValue | undefined>(
  undefined,
)

/** Whether the server has not read the snapshot yet. */
export function isPromise<Data>(value: Snapshot | Promise<Data> | null | undefined): value is Promise<Data> {
  return !!value && 'then' in value
}

/** @throws Error outside a provider. */
export function useBillingContext(): BillingContextValue {
  return useRequired(BillingContext)
}

/** What a component above gives. @throws Error when there is none. */
export function useRequired<Value>(context: React.Context<Value | undefined>): Value {
  const value = React.useContext(context)
  if (value) return value
  throw new Error('No <BillingProvider> or Root above')
}
