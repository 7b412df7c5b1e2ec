import * as z from 'zod/mini'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { StepOutcome, StepRequest } from '../../ports/payments.ts'
import { type ChangeReading, endsWithPeriod, invoicePageOf, isEnding, readForChange, toReading } from './change-reading.ts'
import type { StripeClient, StripeRequestOptions } from './client.ts'
import { codeIn, discountsWith } from './change-discounts.ts'
import { refuseCode } from './promotion-codes.ts'
import { isPlanned, phasesOf, phasesShape, valuesOf } from './schedule-phases.ts'
import { parseAnswer } from './stripe-error.ts'
import { type StripeSchedule, type StripeSubscriptionItem, scheduleShape } from './subscription-shape.ts'
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
  | 'pause'
  | 'pause-collection'
  | 'resume'
  | 'collect'

const expand = ['latest_invoice', 'discounts']
const done: StepOutcome = { kind: 'done' }

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
    if (!isFareboxError(error) || error.code !== 'payments-failed') throw error
    // What another has done meanwhile is refused where no key is looked at, as in the deletion of a subscription.
    const found = await find()
    if (found === undefined) throw error
    return found
  }
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
      const { schedule, change } = phasesOf(parseAnswer(phasesShape, parameters), outcomes)
      await subscriptionSchedules.update(schedule, change, options).catch(refuseCode)
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
      await subscriptions.cancel(id, {}, options)
      return done
    case 'keep':
      await subscriptions.update(id, parameters, options)
      return done
    case 'pause':
      await subscriptions.pause?.(id, {}, options)
      return done
    case 'pause-collection':
      await subscriptions.update(id, { pause_collection: parameters }, options)
      return done
    case 'resume':
      return outcomeOfResume(await toReading(client, await subscriptions.resume(id, resumption(client), options)))
    case 'collect':
      await subscriptions.update(id, { pause_collection: '' }, options)
      return done
    default:
      return name satisfies never
  }
}

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
      const { next, promotionCode } = parseAnswer(phasesShape, step.parameters)
      return when(isPlanned(schedule, next, promotionCode))
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
    case 'pause':
      return when(subscription.status === 'paused')
    case 'pause-collection':
      return when(subscription.pause_collection?.behavior === 'void')
    case 'resume':
      return when(subscription.status !== 'paused')
    case 'collect':
      return when(subscription.pause_collection === null || subscription.pause_collection === undefined)
    default:
      return name satisfies never
  }
}

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

/** Before `stripe` 23 a subscription came back with its payment alone, and nothing could be said of it. */
function resumption({ subscriptions }: StripeClient): object {
  return { ...(subscriptions.pause !== undefined && { payment_behavior: 'resume_on_payment_success' }), expand }
}

const stepNames: readonly StepName[] = [
  'release-schedule', 'begin-schedule', 'plan-phases', 'change-items', 'discount', 'cancel-later', 'cancel-now', 'keep', 'pause',
  'pause-collection', 'resume', 'collect',
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
