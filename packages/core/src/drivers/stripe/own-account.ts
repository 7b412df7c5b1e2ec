import * as z from 'zod/mini'
import { isFareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import type { ParsedEvent } from './parse-event.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

/** Whether an event happened in the account that is billed in. */
export type IsFromAccount = (event: Pick<ParsedEvent, 'account' | 'context'>) => boolean | Promise<boolean>

const accountShape = z.object({ id: z.string() })

/**
 * Events of connected accounts name them. Those of an organization's destination name every account, the app's own as well, so Stripe
 * is asked once whose the key is: https://docs.stripe.com/context. Where the key may not know that, the customer decides: no
 * other account has it.
 */
export function createAccountCheck(client: StripeClient, connectedAccount: string | undefined): IsFromAccount {
  let own: string | null | undefined

  async function isOwn(context: string): Promise<boolean> {
    own ??= await retrieveOwn(client)
    return own === null || own === context
  }

  return ({ account, context }) => {
    if (connectedAccount !== undefined) return (account ?? context) === connectedAccount
    return account === null && (context === null || isOwn(context))
  }
}

async function retrieveOwn({ accounts }: StripeClient): Promise<string | null> {
  if (accounts?.retrieveCurrent === undefined) return null
  try {
    return parseAnswer(accountShape, await callStripe(async () => accounts.retrieveCurrent?.())).id
  } catch (error) {
    if (isFareboxError(error) && error.code === 'payments-failed') return null
    throw error
  }
}
