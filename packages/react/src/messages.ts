import type { Upgrade, Usage } from '@farebox/core/client'
import type { IsoInstant, PlanStatus } from '@farebox/core/protocol'

/** Writes values for people, in the locale and time zone of the provider. */
export interface Format {
  readonly number: (value: number) => string
  readonly date: (instant: IsoInstant) => string
}

/** A billing period, and what happens at its end. */
export interface PeriodText {
  readonly start: string
  readonly end: string
  readonly next: 'renews' | 'ends'
}

/** The words of an upgrade prompt. */
export interface UpgradeText {
  readonly title: string
  readonly text: string
  /** What its button says. */
  readonly action: string
}

/** Every text that components show. Functions, so that a language can order and inflect as it needs. */
export interface Messages {
  readonly loading: string
  readonly failed: string
  readonly retry: string
  readonly stale: string
  readonly notIncluded: string
  readonly noSubscription: string
  readonly usage: (usage: Usage, format: Format) => string
  readonly resets: (date: string) => string
  /** What stands beside the plan's name, for a subscription that is not simply active. */
  readonly status: (status: PlanStatus) => string
  readonly period: (period: PeriodText) => string
  readonly upgrade: (upgrade: Upgrade, feature: string, format: Format) => UpgradeText
}

const notIncluded = 'not in your plan'
const limitReached = 'limit reached'

/** The default messages. */
export const english: Messages = {
  loading: 'Loading…',
  failed: 'Could not load.',
  retry: 'Try again',
  stale: 'outdated',
  notIncluded,
  noSubscription: 'no subscription',
  usage: ({ total, limit, remaining, unit, tone }, { number }) => {
    if (limit === null) return `${count(number, total, unit)}, no limit`
    const text = `${number(total)} of ${count(number, limit, unit)}`
    if (tone === 'ok') return text
    return `${text}, ${tone === 'over' ? 'over the limit' : remaining ? `${number(remaining)} left` : limitReached}`
  },
  resets: (date) => `Resets ${date}`,
  status: (status) => status.replace('_', ' '),
  period: ({ start, end, next }) => `${start} – ${end}, then ${next}`,
  upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
    reason === 'payment-past-due'
      ? { title: 'Payment overdue', text: '', action: 'Update payment' }
      : {
          title: `${feature}: ${reason === 'plan-required' ? notIncluded : limitReached}`,
          text: action === 'ask' ? 'Ask who manages billing.' : `${planName} includes ${limit === null ? 'it' : count(number, limit, unit)}.`,
          action: `Upgrade to ${planName}`,
        },
}

/** Numbers and instants as a locale writes them. The locale and the time zone are never the runtime's. */
export function createFormat(locale: string, timeZone: string): Format {
  return {
    number: (value) => value.toLocaleString(locale),
    date: (instant) => new Date(instant).toLocaleDateString(locale, { dateStyle: 'medium', timeZone }),
  }
}

function count(number: Format['number'], amount: number, unit = ''): string {
  return `${number(amount)} ${unit}${amount === 1 ? '' : 's'}`
}
