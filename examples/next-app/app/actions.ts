'use server'

import { withMeterInAction } from '@farebox/next'
import { farebox } from '../farebox.ts'
import { fortunes } from '../fortunes.ts'

/** Counts one fortune, then answers it, and what is left with it. A refusal answers its problem instead. */
export const drawFortune = withMeterInAction(farebox, 'fortunes', async ({ caller, decision }) => ({
  fortune: fortunes[(decision.used - 1) % fortunes.length] ?? '',
  snapshot: await farebox.snapshot(caller),
}))
