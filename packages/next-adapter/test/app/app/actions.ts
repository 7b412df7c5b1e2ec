'use server'

import { requireAuthInAction, requireFeatureInAction, requirePlanInAction, withMeterInAction } from '@farebox/next'
import { redirect } from 'next/navigation'
import { farebox, reach } from './billing.ts'

export const whoAmI = requireAuthInAction(farebox, async ({ caller }, ...values: unknown[]) => ({
  text: reach('who-action'),
  customer: caller.customer,
  values: values.length,
}))

export const readReport = requirePlanInAction(farebox, ['pro'], async (_, id: string) => ({ text: reach('report-action'), id }))

export const exportRows = requireFeatureInAction(farebox, 'exports', async (_, name: string) => ({ text: reach('exports-action'), name }))

export const quote = withMeterInAction(farebox, 'apiCalls', async ({ decision }) => ({
  text: reach('quote-action'),
  remaining: decision.remaining,
}))

export const quoteAndLeave = withMeterInAction(farebox, 'apiCalls', async () => {
  reach('leaving-action')
  redirect('/upgrade')
})

export const quoteAndFail = withMeterInAction(farebox, 'apiCalls', async () => {
  throw new Error(reach('failing-action'))
})
