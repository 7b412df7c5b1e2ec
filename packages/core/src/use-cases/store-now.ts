import type { Instant } from '../domain/instant.ts'
import type { Context } from './context.ts'

/** The present of the record store, which all processes share. */
export async function storeNow({ records }: Context, customer: string): Promise<Instant> {
  const { now } = await records.load(customer, [])
  return now
}
