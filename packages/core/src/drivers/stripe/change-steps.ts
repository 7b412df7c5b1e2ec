import * as z from 'zod/mini'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { StepOutcome, StepRequest } from '../../ports/payments.ts'
import { billPending, isBilled } from './bill-pending.ts'
import { type ChangeReading, endsWithPeriod, invoicePageOf, isEnding, readForChange, toReading } from './change-reading.ts'
import type { StripeClient, StripeRequestOptions } from './client.ts'
import { codeIn, discountsWith } from './change-discounts.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { refuseCode } from './promotion-codes.ts'
import { type PlannedPhases, isPlanned, nextItemsOf, phasesOf, phasesShape, valuesOf } from './schedule-phases.ts'
import { parseAnswer } from './stripe-error.ts'
import { type StripeSchedule, type StripeSubscription, type StripeSubscriptionItem, scheduleShape } from './subscription-shape.ts'
import { isWaived, restUntil } from './waived-period.ts'
import { writeOnce } from './write-once.ts'

/** Every write of which operations are made. */
export type StepName =
  | 'release-schedule'
  | 'begin-schedule'
  | 'plan-phases'
  | 'change-items'
  | 'discount'
  | 'cancel-later'
  | 'cancel-now'
  | 'keep'
  | 'bill-pending'
  | 'pause'
  | 'pause-collection'
  | 'resume'
  | 'collect'
  | 'begin-anew'
  | 'forget-rest'

const expand = ['latest_invoice', 'discounts']
const done: StepOutcome = { kind: 'done' }

/** Since then there are pauses, a resumption waits for its payment, and a period begins anew by an object in place of a text. */
const apiVersion = '2026-09-30.endive'

/** What a step that changes items was stored with: the update, and the item that it leads to. */
const changeShape = z.object({
  update: z.record(z.string(), z.unknown()),
  target: z.object({ price: z.string(), quantity: z.optional(z.int()) }),
})

/** Makes a step under the key of its operation, place and parameters. */
export async function runStep(client: StripeClient, request: StepRequest): Promise<StepOutcome> {
  const { operation, index, step, outcomes } = request
  const name = nameOf(step.name)
  const parameters = [operation, index, step.parameters, outcomes.map((outcome) => ('values' in outcome ? outcome.values : null))]
  const find = (): Promise<StepOutcome | undefined> => findStep(client, request)
  try {
    const run = (idempotencyKey: string): Promise<StepOutcome> => write(client, name, request, { idempotencyKey })
    return await writeOnce({ intent: name, parameters, write: run, find })
  } catch (error) {
    if (!isFareboxError(error)) throw error
    // What another has done meanwhile is refused where no key is looked at, as in the deletion of a subscription.
    const found = error.code === 'payments-failed' ? await find() : undefined
    if (found !== undefined) return found
    // What was billed before may have been declined: what is not active rests by its collection alone.
    if (name === 'pause' && error.code === 'payments-failed') return await runStep(client, { ...request, step: restWithoutEnd })
    // What is told is why the phases were refused, also where the schedule cannot be let go.
    if (name === 'plan-phases' && error.code !== 'unavailable') await letGo(client, request).catch(() => undefined)
    throw error
  }
}

const restWithoutEnd = { name: 'pause-collection' satisfies StepName, parameters: { pause_collection: { behavior: 'void' }, ...restUntil(null) } }

/** A schedule that was begun for phases that are refused changes nothing, and keeps the customer from changes in the portal. */
async function letGo(client: StripeClient, { subscription, operation, outcomes }: StepRequest): Promise<void> {
  const { schedule } = await readForChange(client, subscription)
  const isOurs = outcomes.some((outcome) => 'values' in outcome && outcome.values?.['schedule'] === schedule?.id)
  if (schedule === null || !isOurs || nextItemsOf(schedule) !== null) return
  await client.subscriptionSchedules.release(schedule.id, {}, { idempotencyKey: await idempotencyKeyOf('let-go', [operation]) })
}

async function write(client: StripeClient, name: StepName, request: StepRequest, options: StripeRequestOptions): Promise<StepOutcome> {
  const { subscription: id, step: { parameters }, outcomes } = request
  const { subscriptions, subscriptionSchedules } = client
  switch (name) {
    case 'release-schedule':
      await subscriptionSchedules.release(textOf(parameters, 'schedule'), {}, options)
      return done
    case 'begin-schedule':
      return begun(parseAnswer(scheduleShape, await subscriptionSchedules.create({ from_subscription: id }, options)))
    case 'plan-phases': {
      await writePhases(client, parseAnswer(phasesShape, parameters), outcomes, options)
      return done
    }
    case 'change-items': {
      const { update } = parseAnswer(changeShape, parameters)
      return outcomeOfChange(await toReading(client, await subscriptions.update(id, { ...update, expand }, options)))
    }
    case 'discount':
      await subscriptions.update(id, parameters, options).catch(refuseCode)
      return done
    case 'cancel-later':
      await subscriptions.update(id, { cancel_at_period_end: true }, options)
      return done
    case 'cancel-now':
      // Else what was put off to the next invoice is on none.
      await subscriptions.cancel(id, { invoice_now: true }, options)
      return done
    case 'keep':
    case 'pause-collection':
    case 'forget-rest':
      await subscriptions.update(id, parameters, options)
      return done
    case 'bill-pending':
      await billPending(client, parameters, options)
      return done
    case 'pause':
      await subscriptions.pause?.(id, parameters, { ...options, apiVersion })
      return done
    case 'resume':
      return outcomeOfResume(await toReading(client, await subscriptions.resume(id, { payment_behavior: 'resume_on_payment_success', expand }, { ...options, apiVersion })))
    case 'collect':
      await subscriptions.update(id, { pause_collection: '', ...parameters }, options)
      return done
    case 'begin-anew':
      // Where the payment fails nothing has happened, and what was not paid for goes on to its end.
      return outcomeOfChange(await toReading(client, await subscriptions.update(
        id, { payment_behavior: 'error_if_incomplete', ...parameters, proration_behavior: 'none', expand }, { ...options, apiVersion },
      )))
    default:
      return name satisfies never
  }
}

/** A price that is no longer sold goes on for who has it: where Stripe refuses it in a phase, it is on sale for that moment. */
async function writePhases(
  client: StripeClient,
  parameters: PlannedPhases,
  outcomes: readonly StepOutcome[],
  { idempotencyKey }: StripeRequestOptions,
): Promise<void> {
  const { schedule, change } = phasesOf(parameters, outcomes)
  const { retired = [] } = parameters
  const plan = (key: string): Promise<unknown> => client.subscriptionSchedules.update(schedule, change, { idempotencyKey: key }).catch(refuseCode)
  const sell = async (active: boolean): Promise<void> => {
    for (const price of retired) await client.prices.update(price, { active })
  }
  try {
    await plan(idempotencyKey)
  } catch (error) {
    if (retired.length === 0 || !refusedItem.safeParse(error).success) throw error
    await sell(true)
    try {
      await plan(`${idempotencyKey}:sold`)
    } finally {
      await sell(false)
    }
  }
}

/** Of Stripe's error, that it is about a price of a phase: https://docs.stripe.com/api/errors#errors-param */
const refusedItem = z.object({ param: z.string().check(z.regex(/^phases\[\d+\]\[items\]/)) })

/** Reads whether a step took effect. */
export async function findStep(
  client: StripeClient,
  { subscription: id, step }: Pick<StepRequest, 'subscription' | 'step'>,
): Promise<StepOutcome | undefined> {
  const reading = await readForChange(client, id)
  const { subscription, schedule } = reading
  const name = nameOf(step.name)
  switch (name) {
    case 'release-schedule':
      return when(schedule?.id !== textOf(step.parameters, 'schedule'))
    case 'begin-schedule':
      return schedule === null ? undefined : begun(schedule)
    case 'plan-phases': {
      const { next, following } = parseAnswer(phasesShape, step.parameters)
      return when(isPlanned(schedule, next, following))
    }
    case 'change-items':
      return findChange(reading, parseAnswer(changeShape, step.parameters))
    case 'discount':
      return when(discountsWith(subscription, codeIn(step.parameters)) === null)
    case 'cancel-later':
      return when(endsWithPeriod(reading) || subscription.ended_at !== null)
    case 'cancel-now':
      return when(subscription.ended_at !== null)
    case 'keep':
      return when(!isEnding(subscription))
    case 'bill-pending':
      return when(await isBilled(client, id, step.parameters))
    case 'pause':
      return when(subscription.status === 'paused' || subscription.pause_collection?.behavior === 'void')
    case 'pause-collection':
      return when(subscription.pause_collection?.behavior === 'void' && isNoted(subscription, step.parameters))
    case 'resume':
      return when(subscription.status !== 'paused')
    case 'collect':
      return when((subscription.pause_collection ?? null) === null && isNoted(subscription, step.parameters))
    case 'begin-anew': {
      const outcome = outcomeOfChange(reading)
      return outcome.kind === 'action-required' ? outcome : when(!isWaived(subscription, reading.items))
    }
    case 'forget-rest':
      return when(isNoted(subscription, step.parameters))
    default:
      return name satisfies never
  }
}

/** Whether a subscription has the metadata of a step. */
function isNoted({ metadata }: StripeSubscription, parameters: unknown): boolean {
  const noted = notedShape.safeParse(parameters).data?.metadata ?? {}
  return Object.entries(noted).every(([name, value]) => (metadata?.[name] ?? '') === value)
}

const notedShape = z.object({ metadata: z.record(z.string(), z.string()) })

function when(isDone: boolean): StepOutcome | undefined {
  return isDone ? done : undefined
}

/** A change is there once it can be seen in the items, or in the update that waits for a payment. */
function findChange({ subscription, items }: ChangeReading, { target }: z.output<typeof changeShape>): StepOutcome | undefined {
  const has = (present: readonly StripeSubscriptionItem[]): boolean =>
    present.some(({ price, quantity }) => price.id === target.price && quantity === target.quantity)
  if (has(items)) return done
  if (!has(subscription.pending_update?.subscription_items ?? [])) return undefined
  return { kind: 'action-required', url: invoicePageOf(subscription) }
}

function begun(schedule: StripeSchedule): StepOutcome {
  return { kind: 'done', values: valuesOf(schedule) }
}

function outcomeOfChange({ subscription }: ChangeReading): StepOutcome {
  if (subscription.pending_update === undefined || subscription.pending_update === null) return done
  return { kind: 'action-required', url: invoicePageOf(subscription) }
}

function outcomeOfResume({ subscription }: ChangeReading): StepOutcome {
  return subscription.status === 'paused' ? { kind: 'action-required', url: invoicePageOf(subscription) } : done
}

const stepNames: readonly StepName[] = [
  'release-schedule', 'begin-schedule', 'plan-phases', 'change-items', 'discount', 'cancel-later', 'cancel-now', 'keep',
  'bill-pending', 'pause', 'pause-collection', 'resume', 'collect', 'begin-anew', 'forget-rest',
]

function nameOf(name: string): StepName {
  return stepNames.find((known) => known === name) ?? missing('step-unknown')
}

function textOf(parameters: Readonly<Record<string, unknown>>, name: string): string {
  const value = parameters[name]
  return typeof value === 'string' ? value : missing('step-incomplete')
}

function missing(reason: string): never {
  throw new FareboxError('payments-failed', 'A stored operation cannot be carried on', { reason })
}
