import { isWhole } from '../../domain/amount.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { Context } from '../context.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { type Wait, waitFor } from '../wait.ts'
import { reconcileCustomer } from './reconcile-customer.ts'
import { reconcileEvent, reconcileOperation, stuckAfter } from './reconcile-events.ts'
import { type Pace, createPace } from './reconcile-pace.ts'
import type { ReconcileFinding, ReconcileReport, ReconcileRequest, Stage } from './reconcile-report.ts'
import { walkStrangers } from './reconcile-strangers.ts'
import { badCursor, walkRecords } from './reconcile-walk.ts'

const usualLimit = 100
const mostAtOnce = 1000

/**
 * Compares what is stored with what Stripe says, a bounded amount at a time, and has the one writer store what is true.
 * Every difference is told, repaired or not. It finishes changes that were left halfway, tries failed events again and
 * links customers of Stripe that name ours; apart from those changes it never writes to Stripe.
 *
 * @throws FareboxError `invalid-request` for a limit, rate or cursor that is none, `not-found` without payments, `unavailable`
 * when the store cannot be read at all.
 */
export async function reconcile(context: Context, request: ReconcileRequest = {}, wait: Wait = waitFor): Promise<ReconcileReport> {
  paymentsOf(context)
  const { dryRun = false } = request
  const limit = checkLimit(request.limit)
  const findings: ReconcileFinding[] = []
  let customers = 0
  const stages = stagesOf(context, dryRun, createPace(request.customersPerSecond, wait), () => {
    customers += 1
  })
  let at = placeIn(stages, request.cursor)
  for (let left = limit; left > 0;) {
    const stage = stages[at.stage]
    if (stage === undefined) return { dryRun, customers, findings, cursor: null, stopped: null }
    const walk = await stage.walk(at.position, left)
    findings.push(...walk.findings)
    left -= walk.looked
    at = walk.next === null && walk.stopped === null ? { stage: at.stage + 1, position: null } : { stage: at.stage, position: walk.next }
    if (walk.stopped !== null) return { dryRun, customers, findings, cursor: cursorAt(stages, at), stopped: walk.stopped }
  }
  return { dryRun, customers, findings, cursor: cursorAt(stages, at), stopped: null }
}

interface Place {
  readonly stage: number
  readonly position: unknown
}

/** First what was left undone, then every customer of ours, then every customer of Stripe. */
function stagesOf(context: Context, isDryRun: boolean, pace: Pace, count: () => void): readonly Stage[] {
  const { clock } = context
  return [
    {
      name: 'operations',
      walk: (position, limit) =>
        walkRecords(
          context,
          { collection: 'operations', index: 'dueAt', where: { atMost: clock.now() - stuckAfter / 2 }, limit },
          position,
          (entry) => reconcileOperation(context, entry, isDryRun),
        ),
    },
    ...(['failed', 'parked'] as const).map((state): Stage => ({
      name: state,
      walk: (position, limit) =>
        walkRecords(context, { collection: 'inbox', index: 'state', where: { equals: state }, limit }, position, (entry) =>
          reconcileEvent(context, entry, isDryRun),
        ),
    })),
    {
      name: 'customers',
      walk: (position, limit) =>
        walkRecords(
          context,
          { collection: 'customers', index: 'createdAt', where: { atMost: Number.MAX_SAFE_INTEGER }, limit },
          position,
          async ({ customer, value }) => {
            if (value.paymentCustomer === null) return []
            const findings = await pace.keep(() => reconcileCustomer(context, customer, isDryRun))
            count()
            return findings
          },
          pace.atOnce,
        ),
    },
    { name: 'strangers', walk: (position, limit) => walkStrangers(context, position, limit, isDryRun, pace) },
  ]
}

function checkLimit(limit: unknown = usualLimit): number {
  if (isWhole(limit, 1, mostAtOnce)) return limit
  throw invalidRequest('The limit is not valid', 'limit', `Give a whole number from 1 to ${mostAtOnce}`)
}

function cursorAt(stages: readonly Stage[], { stage, position }: Place): string | null {
  const name = stages[stage]?.name
  return name === undefined ? null : JSON.stringify([name, position])
}

function placeIn(stages: readonly Stage[], cursor: string | undefined): Place {
  if (cursor === undefined) return { stage: 0, position: null }
  const [name, position = null] = parseList(cursor)
  const stage = stages.findIndex((item) => item.name === name)
  if (stage < 0) throw badCursor()
  return { stage, position }
}

function parseList(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
