import { Generations } from '../customers/customer-cache.ts'
import { perContext } from '../per-context.ts'

/** So many links are remembered at least, and at most twice as many. */
const most = 10_000

/**
 * Which customers this process has seen behind Stripe's. A guess that spares a question: whoever uses it finds out in the
 * customer's own row whether it still holds.
 */
export const paymentLinksOf: (context: object) => Generations<string, string> = perContext(() => new Generations<string, string>(most))
