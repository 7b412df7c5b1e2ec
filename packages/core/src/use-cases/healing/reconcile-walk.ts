import { type FareboxError, invalidRequest, isFareboxError } from '../../errors/error.ts'
import type { CollectionName, RecordEntry, RecordPlace, RecordQuery } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import type { ReconcileFinding, StageWalk } from './reconcile-report.ts'

/** A page of an index, each row looked at in turn, behind the position that a former page ended at. */
export async function walkRecords<Name extends CollectionName>(
  context: Context,
  query: Omit<RecordQuery<Name>, 'after'>,
  position: unknown,
  look: (entry: RecordEntry<Name>) => Promise<readonly ReconcileFinding[]>,
  atOnce = 1,
): Promise<StageWalk> {
  const after = position === null ? {} : { after: placeOf(position) }
  const page = await context.records.find({ ...query, ...after })
  const walk = await walkAll(page, look, atOnce)
  const last = page[walk.looked - 1]
  const isOver = walk.stopped === null && page.length < query.limit
  const next: RecordPlace | null = last === undefined ? null : { value: valueOf(last, query.index), customer: last.customer, id: last.id }
  return { ...walk, next: isOver ? null : (next ?? position), looked: Math.max(1, walk.looked) }
}

/**
 * Looks at one after the other, or at some at once. What Stripe refuses to tell of one keeps nobody else from being looked at; where
 * Stripe or the store do not answer, it ends there: the first that was not answered for is where to go on, and what was found
 * behind it is told all the same.
 */
export async function walkAll<Item extends { readonly customer: string }>(
  items: readonly Item[],
  look: (item: Item) => Promise<readonly ReconcileFinding[]>,
  atOnce = 1,
): Promise<Pick<StageWalk, 'looked' | 'findings' | 'stopped'>> {
  const findings: (readonly ReconcileFinding[])[] = []
  let looked = items.length
  let stopped: string | null = null
  // Those who look share one list.
  const entries = items.entries()
  const lookOn = async (): Promise<void> => {
    for (const [index, item] of entries) {
      if (stopped !== null) return
      try {
        findings[index] = await look(item)
      } catch (error) {
        const failure = failureCode(error)
        if (isFareboxError(error) && error.code === 'payments-failed') {
          findings[index] = [{ kind: 'unreadable-customer', customer: item.customer, failure, repaired: false }]
        } else if (index < looked) {
          looked = index
          stopped = failure
        }
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lookOn))
  return { looked, findings: findings.flat(), stopped }
}

/** Why there was no answer, for what can be gone on with later. @throws what was refused. */
export function unansweredCode(error: unknown): string {
  if (isFareboxError(error) && error.code === 'payments-failed') throw error
  return failureCode(error)
}

function placeOf(position: unknown): RecordPlace {
  // Whatever it is: each of the three is looked at.
  const { value, customer, id } = Object(position) as Readonly<Record<string, unknown>>
  if ((typeof value === 'string' || typeof value === 'number') && typeof customer === 'string' && typeof id === 'string') return { value, customer, id }
  throw badCursor()
}

export function badCursor(): FareboxError {
  return invalidRequest('The cursor is not valid', 'cursor', 'Give the cursor of the last report, or none to begin anew')
}

function valueOf({ value }: RecordEntry<CollectionName>, index: string): string | number {
  const found: unknown = Object.entries(value).find(([name]) => name === index)?.[1]
  return typeof found === 'string' || typeof found === 'number' ? found : ''
}
