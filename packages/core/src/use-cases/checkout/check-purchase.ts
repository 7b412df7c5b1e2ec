// What can be wrong with what is asked for, whether it is bought or changed to.
import { isWhole } from '../../domain/amount.ts'
import type { Plan, PriceInterval } from '../../domain/catalog.ts'
import { entryOf } from '../../domain/entry-of.ts'
import type { Money } from '../../domain/money.ts'
import { mostSeats } from '../../domain/parse-price.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'
import type { Context } from '../context.ts'

/** What is asked for, apart from who pays and where pages lead back to. */
export interface PlanChoice {
  readonly plan: string
  readonly interval: PriceInterval
  readonly quantity?: number
  readonly currency?: string
  readonly promotionCode?: string
}

/** @throws FareboxError `invalid-request` (`contact-sales`) at `plan` for one that customers ask for in person: only the app's own code sells it. */
export function checkOffered({ catalog }: Context, plan: string): void {
  if (entryOf(catalog.plans, plan)?.contactSales !== true) return
  throw new FareboxError('invalid-request', 'The plan is not sold here', {
    reason: 'contact-sales',
    faults: [{ path: 'plan', message: 'Get in touch: this plan is sold by talking' }],
  })
}

/** The plan that is asked for. @throws FareboxError `invalid-request` with every fault, and with `more` that was found before. */
export function checkPlan(
  context: Context,
  { plan: key, interval, quantity, currency, promotionCode }: PlanChoice,
  what: 'checkout' | 'change',
  more: readonly Fault[] = [],
): Plan {
  const plan = entryOf(context.catalog.plans, key)
  const price = entryOf(plan?.prices ?? {}, interval)
  const faults: Fault[] = []
  if (plan === undefined) faults.push({ path: 'plan', message: 'Give the key of a plan of the catalog' })
  else if (price === undefined) {
    const sold = Object.keys(plan.prices).join(' or ')
    faults.push({ path: 'interval', message: sold === '' ? 'This plan is not for sale' : `This plan is sold by ${sold}` })
  }
  const { minimum = 1, amounts = [] } = price ?? {}
  faults.push(...quantityFaults(quantity, minimum, mostSeats), ...currencyFaults('plan', amounts, currency))
  if (promotionCode !== undefined && !/^(promo_\w{1,200}|[A-Za-z0-9-]{1,200})$/.test(promotionCode)) {
    faults.push({ path: 'promotionCode', message: 'Give a promotion code: letters, digits and hyphens' })
  }
  faults.push(...more)
  if (plan !== undefined && faults.length === 0) return plan
  throw new FareboxError('invalid-request', `The ${what} is not valid`, { faults })
}

/** What is wrong with how many of something are asked for. */
export function quantityFaults(quantity: number | undefined, least: number, most: number): readonly Fault[] {
  const isFine = quantity === undefined || isWhole(quantity, least, most)
  return isFine ? [] : [{ path: 'quantity', message: `Give a whole number from ${least} to ${most}` }]
}

/** What is wrong with the currency that a plan or pack is asked for in; one that is not for sale has no amounts. */
export function currencyFaults(what: 'plan' | 'pack', amounts: readonly Money[], currency: string | undefined): readonly Fault[] {
  if (currency === undefined || amounts.some((amount) => amount.currency === currency)) return []
  const sold = amounts.map((amount) => amount.currency).join(' or ')
  return [{ path: 'currency', message: sold === '' ? 'Give a currency code such as eur' : `This ${what} is sold in ${sold}` }]
}

/** What is wrong with an address that a page leads back to. */
export function urlFaults(url: unknown, path: string): readonly Fault[] {
  const isUrl = typeof url === 'string' && url.length <= 2048 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isUrl ? [] : [{ path, message: 'Give an http or https URL of at most 2048 characters' }]
}

/** @throws FareboxError `invalid-request` with the path, unless `url` is absolute and http or https. */
export function checkReturnUrl(url: unknown, path: string): void {
  const faults = urlFaults(url, path)
  if (faults.length > 0) throw new FareboxError('invalid-request', 'The address is not valid', { faults })
}
