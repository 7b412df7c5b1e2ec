import type { Messages } from '../messages/messages.ts'

/** An amount and the unit as the catalog calls it: its words are the app's. */
export const amountAsGiven: Messages['amount'] = (written, _amount, unit) => (unit ? `${written} ${unit}` : written)
