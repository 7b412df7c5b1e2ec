import type { IsoInstant, NoticeView, PriceView, Snapshot } from '../protocol/snapshot.ts'
import { daysUntil } from './days-until.ts'
import { isSubscribed } from './is-subscribed.ts'

/** How pressing a notice is: `critical` has cost access or will, `warn` asks for something, `info` is good to know. */
export type NoticeTone = 'critical' | 'warn' | 'info'

/**
 * What can be done about it: pay or confirm on Stripe's page, open the portal, take back what was scheduled, ask who manages
 * the billing, or nothing.
 */
export type NoticeAction = 'pay' | 'portal' | 'resume' | 'ask' | 'none'

/** A notice as a banner shows it. */
export interface NoticeShown {
  readonly notice: NoticeView
  readonly tone: NoticeTone
  readonly action: NoticeAction
  /** Whether it is about a payment that was not made. */
  readonly isPayment: boolean
  /** Stripe's page, where the action is to pay. */
  readonly url: string | undefined
  /** What is to be paid, where that is known. */
  readonly due: PriceView | undefined
  /** When access ends unless it is paid; `undefined` where nothing says so. */
  readonly graceEndsAt: IsoInstant | undefined
  /** What the customer changes to, as people call it. */
  readonly planName: string | undefined
  /** Whole days from the snapshot's moment to `at`, begun ones counted; 0 once it is past, `undefined` without an instant. */
  readonly days: number | undefined
}

/** The part of a snapshot that notices are shown with. */
export type NoticeSource = Pick<Snapshot, 'canManageBilling' | 'asOf' | 'status' | 'plans'>

/** From so many days on the end of a trial asks for something. */
const soon = 3

const kinds: Readonly<Record<NoticeView['kind'], readonly [NoticeTone, NoticeAction]>> = {
  'access-ended': ['critical', 'pay'],
  'payments-mismatch': ['critical', 'none'],
  'trial-ended-without-card': ['critical', 'portal'],
  'payment-action-required': ['critical', 'pay'],
  'payment-past-due': ['critical', 'pay'],
  'payment-failed': ['critical', 'pay'],
  paused: ['warn', 'resume'],
  'cancellation-scheduled': ['warn', 'resume'],
  'change-scheduled': ['info', 'resume'],
  'trial-ending': ['info', 'portal'],
  'card-expiring': ['warn', 'portal'],
}

/**
 * A notice, how pressing it is, and what can be done about it. Pure. Who may not manage the billing can only ask.
 *
 * @param others what else there is to know: it may name the page on which this one is paid, and when access ends.
 */
export function deriveNotice(notice: NoticeView, source: NoticeSource, others: readonly NoticeView[] = []): NoticeShown {
  const { canManageBilling, asOf, status, plans } = source
  const { kind, at } = notice
  const [tone, wanted] = kinds[kind]
  const isPayment = isOfPayment(notice)
  const payment = isPayment ? [notice, ...others].find(hasPage) : undefined
  const url = payment?.url ?? undefined
  const days = at === null ? undefined : daysUntil(at, asOf)
  const isOver = kind === 'trial-ended-without-card' && !isSubscribed(status)
  const action = isOver ? 'none' : wanted === 'pay' && !url ? 'portal' : wanted
  return {
    notice, isPayment, url, days,
    tone: kind === 'trial-ending' && days !== undefined && days <= soon ? 'warn' : tone,
    action: canManageBilling || action === 'none' ? action : 'ask',
    due: payment?.due,
    graceEndsAt: (isPayment && [notice, ...others].find((other) => other.kind === 'payment-past-due')?.at) || undefined,
    planName: (kind === 'change-scheduled' && plans[notice.plan ?? '']?.name) || undefined,
  }
}

/**
 * All that is to be shown, most pressing first, and each matter once: a payment that failed is told together with the access
 * that it costs, and a subscription that ends with its trial as one end. Pure.
 */
export function deriveNotices(snapshot: NoticeSource & Pick<Snapshot, 'notices'>): readonly NoticeShown[] {
  const { notices } = snapshot
  const payment = notices.find(isOfPayment)
  const end = notices.find(({ kind }) => kind === 'cancellation-scheduled')?.at
  return notices
    .filter((notice) => !isOfPayment(notice) || notice === payment)
    .filter(({ kind, at }) => !(kind === 'trial-ending' && end && at && end <= at))
    .map((notice) => deriveNotice(notice, snapshot, notices))
}

function isOfPayment({ kind }: NoticeView): boolean {
  return /^(access|payment)-/.test(kind)
}

function hasPage(notice: NoticeView): notice is Extract<NoticeView, { readonly due: PriceView }> {
  return 'due' in notice
}
