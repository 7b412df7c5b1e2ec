import { Generations } from './customer-cache.ts'

/** So many links are remembered at least, and at most twice as many. */
const most = 10_000

const links = new WeakMap<object, Generations<string, string>>()

/**
 * Which customers this process has seen behind Stripe's. A guess that spares a question: whoever uses it finds out in the
 * customer's own row whether it still holds.
 */
export function paymentLinksOf(context: object): Generations<string, string> {
  const known = links.get(context)
  if (known !== undefined) return known
  const created = new Generations<string, string>(most)
  links.set(context, created)
  return created
}
