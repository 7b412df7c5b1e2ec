import { type Pricing, type PricingChoice, derivePricing, isSubscribed } from '@farebox/core/client'
import type { PlansView } from '@farebox/core/protocol'
import * as React from 'react'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'
import { usePlans } from './use-plans.ts'

/** What is shown at first, before somebody chooses. */
export interface PricingStart extends PricingChoice {
  /** What the server rendered with: then nothing is loaded at first. */
  readonly plans?: PlansView | undefined
}

/** The prices of all plans, and the choice of what they are shown for. */
export interface PricingSelection {
  readonly pricing: Reading<Pricing>
  readonly choice: PricingChoice
  /** Chooses; what is left out stays as it is. */
  readonly choose: (choice: PricingChoice) => void
  /** Whether somebody is signed in: `undefined` until it is known. */
  readonly isSignedIn: boolean | undefined
  /** Whether there is a subscription already, which keeps its currency. */
  readonly isPaying: boolean
}

/** Plans with their prices, and how they stand to the customer. Begins with what a subscriber has. */
export function usePricing({ plans: given, ...start }: PricingStart = {}): PricingSelection {
  const plans = usePlans(given)
  const customer = useSnapshot(({ plan, status, subscription, notices, canManageBilling }) => ({
    plan, status, subscription, notices, canManageBilling,
  }))
  const [chosen, setChosen] = React.useState<PricingChoice>({})
  const paid = customer.data && isSubscribed(customer.data.status) ? customer.data.subscription : null
  const choice = { interval: paid?.interval ?? start.interval, currency: paid?.currency ?? start.currency, quantity: paid ? undefined : start.quantity, ...chosen }
  return {
    pricing: plans.data ? { ...plans, data: pricingOf(plans.data) } : plans,
    choice,
    choose: (next) => setChosen({ ...chosen, ...next }),
    isSignedIn: customer.status === 'pending' ? undefined : customer.error?.status !== 401,
    isPaying: paid !== null,
  }

  /** A currency that is no longer sold shows the usual one. */
  function pricingOf(view: PlansView): Pricing {
    const pricing = derivePricing(view, customer.data, choice)
    const isSold = choice.currency === undefined || pricing.currencies.includes(choice.currency)
    return isSold ? pricing : derivePricing(view, customer.data, { ...choice, currency: undefined })
  }
}
