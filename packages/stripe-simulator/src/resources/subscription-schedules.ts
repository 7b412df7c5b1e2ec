import type { Account } from '../account.ts'
import type { ProrationBehavior, SubscriptionSchedule } from '../billing-objects.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { adoptSubscription } from '../lifecycle/schedules/adopt-subscription.ts'
import { applyPhases, changeSchedule, endOf, phaseAt, releaseSchedule, startSchedule } from '../lifecycle/schedules/run-schedule.ts'
import { newSchedule } from '../lifecycle/schedules/schedule-object.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { cancellation, changeSubscription, endSubscription } from '../lifecycle/subscriptions/change-subscription.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { getOpenSchedule, instantOf, phaseParameters, readPhases, replacePhases, type GivenPhase } from './subscription-schedule-requests.ts'

interface ScheduleFields {
  readonly default_settings?: {
    readonly billing_cycle_anchor?: 'automatic' | 'phase_start'
    readonly collection_method?: string
    readonly default_payment_method?: string
    readonly description?: string | null
  }
  readonly end_behavior?: 'cancel' | 'none' | 'release' | 'renew'
  readonly metadata?: MetadataChange | null
  readonly phases?: readonly GivenPhase[]
}

interface NewSchedule extends ScheduleFields {
  readonly billing_mode?: { readonly type: string }
  readonly customer?: string
  readonly from_subscription?: string
  readonly start_date?: number | 'now'
}

interface ScheduleFilter {
  readonly scheduled?: boolean
}

const settings = [
  'default_settings.billing_cycle_anchor',
  'default_settings.collection_method',
  'default_settings.default_payment_method',
  'default_settings.description',
]

export const subscriptionScheduleRoutes: Routes = {
  'subscription-schedules.create': route<NewSchedule>({
    supports: [...phaseParameters, ...settings, 'billing_mode.type', 'customer', 'end_behavior', 'from_subscription', 'metadata', 'start_date'],
    handle: ({ account, parameters }) => render(account.store, createSchedule(account, parameters)),
  }),
  'subscription-schedules.retrieve': retrieveRoute('subscriptionSchedules'),
  'subscription-schedules.update': route<ScheduleFields & { readonly proration_behavior?: ProrationBehavior }>({
    supports: [...phaseParameters, ...settings, 'end_behavior', 'metadata', 'phases.start_date', 'proration_behavior'],
    handle: ({ account, id, parameters }) => render(account.store, updateSchedule(account, id, parameters)),
  }),
  'subscription-schedules.cancel': route<{ readonly invoice_now?: boolean; readonly prorate?: boolean }>({
    supports: ['invoice_now', 'prorate'],
    handle: ({ account, id, parameters }) => render(account.store, cancelSchedule(account, id, parameters)),
  }),
  'subscription-schedules.release': route<{ readonly preserve_cancel_date?: boolean }>({
    supports: ['preserve_cancel_date'],
    handle({ account, id, parameters }) {
      const schedule = getOpenSchedule(account, id, 'release')
      const released = releaseSchedule(account, schedule, { keepsEnd: parameters.preserve_cancel_date === true })
      return render(account.store, released)
    },
  }),
  'subscription-schedules.list': listRoute('subscriptionSchedules', {
    fields: ['canceled_at', 'completed_at', 'created', 'customer', 'released_at'],
    supports: ['scheduled'],
    shows: ({ status }, { scheduled }: ScheduleFilter) => scheduled !== true || status === 'not_started',
  }),
}

/** Whether something has happened at an instant that passes a filter; no filter lets all pass. */
function createSchedule(account: Account, given: NewSchedule): SubscriptionSchedule {
  refuseUnmodelled(given)
  if (given.from_subscription !== undefined) return createFromSubscription(account, given, given.from_subscription)
  if (given.customer === undefined) throw missingParameter('customer')
  if (given.phases === undefined || given.phases.length === 0) throw missingParameter('phases')
  if (given.start_date === undefined) throw missingParameter('start_date')
  const customer = getCustomer(account.store, given.customer, 'customer')
  const start = instantOf(account, given.start_date)
  if (start < account.clock.seconds()) throw unsupported('schedules that start in the past', 'start_date')
  const phases = readPhases(account, given.phases, start, { customer: customer.id, subscription: undefined })
  const schedule = account.store.subscriptionSchedules.save({
    ...newSchedule(account, {
      customer: customer.id,
      end_behavior: endBehaviorOf(given),
      metadata: changeMetadata({}, given.metadata),
      phases,
      settings: readSettings(given),
      subscription: null,
    }),
    current_phase: null,
    status: 'not_started',
  })
  account.emit('subscription_schedule.created', schedule)
  return phaseAt(schedule, account.clock.seconds()) === undefined ? schedule : startSchedule(account, schedule)
}

function createFromSubscription(account: Account, given: NewSchedule, id: string): SubscriptionSchedule {
  const others = Object.keys(given).filter((name) => name !== 'from_subscription' && name !== 'billing_mode' && name !== 'metadata')
  const [other] = others
  if (other !== undefined) {
    throw invalidRequest(`You cannot set \`${other}\` if \`from_subscription\` is set.`, { param: other })
  }
  const subscription = get(account.store.subscriptions, id, 'from_subscription')
  if (hasEnded(subscription.status)) {
    throw invalidRequest(`You cannot migrate a subscription that is in the \`${subscription.status}\` status.`, { param: 'from_subscription' })
  }
  if (typeof subscription['schedule'] === 'string') {
    const message = `You cannot migrate a subscription that is already attached to a schedule: \`${subscription['schedule']}\`.`
    throw invalidRequest(message, { param: 'from_subscription' })
  }
  return adoptSubscription(account, subscription, changeMetadata({}, given.metadata))
}

function updateSchedule(
  account: Account,
  id: string,
  given: ScheduleFields & { readonly proration_behavior?: ProrationBehavior },
): SubscriptionSchedule {
  refuseUnmodelled(given)
  const schedule = getOpenSchedule(account, id, 'update')
  const phases = given.phases === undefined ? schedule.phases : replacePhases(account, schedule, given.phases)
  const running = schedule.status === 'active' ? phaseAt({ phases }, account.clock.seconds()) : undefined
  const changed = changeSchedule(account, id, {
    phases,
    end_behavior: given.end_behavior === undefined ? schedule.end_behavior : endBehaviorOf(given),
    metadata: changeMetadata(schedule.metadata, given.metadata),
    default_settings: { ...schedule.default_settings, ...readSettings(given) },
    ...(running !== undefined && { current_phase: { start_date: running.start_date, end_date: running.end_date } }),
  })
  if (changed.status === 'not_started') {
    return phaseAt(changed, account.clock.seconds()) === undefined ? changed : startSchedule(account, changed)
  }
  const after = applyPhases(account, id, given.proration_behavior ?? 'create_prorations', { entersPhase: given.phases !== undefined })
  const isEndTakenBack = schedule.end_behavior === 'cancel' && after.end_behavior === 'release'
  if (isEndTakenBack && after.subscription !== null) changeSubscription(account, after.subscription, { cancel_at: null, canceled_at: null })
  else if (after.subscription !== null) changeSubscription(account, after.subscription, endOf(after))
  return get(account.store.subscriptionSchedules, id)
}

function cancelSchedule(
  account: Account,
  id: string,
  given: { readonly invoice_now?: boolean; readonly prorate?: boolean },
): SubscriptionSchedule {
  if (given.invoice_now === true) throw unsupported('a final invoice at cancellation', 'invoice_now')
  if (given.prorate === true) throw unsupported('a credit at cancellation', 'prorate')
  const schedule = getOpenSchedule(account, id, 'cancel')
  if (schedule.subscription !== null) {
    endSubscription(account, schedule.subscription, cancellation('cancellation_requested'))
    return get(account.store.subscriptionSchedules, id)
  }
  const canceled = account.store.subscriptionSchedules.save({
    ...schedule,
    canceled_at: account.clock.seconds(),
    status: 'canceled',
  })
  account.emit('subscription_schedule.canceled', canceled)
  return canceled
}

function refuseUnmodelled(given: NewSchedule): void {
  if (given.billing_mode?.type === 'classic') throw unsupported('the classic billing mode', 'billing_mode[type]')
  if (given.default_settings?.collection_method === 'send_invoice') {
    throw unsupported('invoices that are sent', 'default_settings[collection_method]')
  }
}

function endBehaviorOf(given: ScheduleFields): 'cancel' | 'release' {
  const behavior = given.end_behavior ?? 'release'
  if (behavior !== 'cancel' && behavior !== 'release') throw unsupported(`end_behavior ${behavior}`, 'end_behavior')
  return behavior
}

function readSettings(given: ScheduleFields): Partial<SubscriptionSchedule['default_settings']> {
  const { collection_method: _always, ...read } = given.default_settings ?? {}
  return read
}
