import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

/** A list that does not end is a fault, not more data: 1,000 pages are 100,000 objects of one customer. */
const mostPages = 1000

const idShape = z.object({ id: z.string() })
const pageShape = z.object({ data: z.array(z.unknown()), has_more: z.boolean() })

/** Everything that Stripe lists, page by page. @throws FareboxError `payments-failed` where the list does not end. */
export async function readPages<Schema extends z.ZodMiniType>(
  schema: Schema,
  list: (cursor: { readonly starting_after?: string }) => Promise<unknown>,
): Promise<readonly z.output<Schema>[]> {
  const found: z.output<Schema>[] = []
  let cursor: { readonly starting_after?: string } = {}
  for (let count = 0; count < mostPages; count += 1) {
    const from = cursor
    const { data, has_more } = parseAnswer(pageShape, await callStripe(() => list(from)))
    found.push(...data.map((item) => parseAnswer(schema, item)))
    const last = data.at(-1)
    if (!has_more || last === undefined) return found
    cursor = { starting_after: parseAnswer(idShape, last).id }
  }
  throw endlessList()
}

/** What is thrown of a list that does not end. */
export function endlessList(): FareboxError {
  return new FareboxError('payments-failed', 'Stripe listed more than can be read', { reason: 'endless-list' })
}
