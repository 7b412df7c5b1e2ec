import type { NoticeView, Snapshot } from '../protocol/snapshot.ts'

/** How pressing a notice is: `critical` has cost access or will, `warn` asks for something, `info` is good to know. */
export type NoticeTone = 'critical' | 'warn' | 'info'

/** What a customer can do about it: pay or confirm on Stripe's page, open the portal, take back what was scheduled, or nothing. */
export type NoticeAction = 'pay' | 'portal' | 'resume' | 'none'

/** A notice as a banner shows it. */
export interface NoticeShown {
  readonly notice: NoticeView
  readonly tone: NoticeTone
  readonly action: NoticeAction
  /** Stripe's page, where the action is to pay. */
  readonly url: string | undefined
  /** Whole days from the snapshot's moment to `at`, begun ones counted; 0 once it is past, `undefined` without an instant. */
  readonly days: number | undefined
}

const day = 86_400_000

const kinds: Readonly<Record<NoticeView['kind'], readonly [NoticeTone, NoticeAction]>> = {
  'access-ended': ['critical', 'portal'],
  'payments-mismatch': ['critical', 'none'],
  'trial-ended-without-card': ['critical', 'portal'],
  'payment-action-required': ['critical', 'pay'],
  'payment-past-due': ['critical', 'portal'],
  'payment-failed': ['critical', 'pay'],
  paused: ['warn', 'resume'],
  'cancellation-scheduled': ['warn', 'resume'],
  'change-scheduled': ['info', 'resume'],
  'trial-ending': ['info', 'portal'],
  'card-expiring': ['warn', 'portal'],
}

/** A notice, how pressing it is, and what can be done about it. Pure. Who may not manage the billing can do nothing. */
export function deriveNotice(notice: NoticeView, { canManageBilling, asOf }: Pick<Snapshot, 'canManageBilling' | 'asOf'>): NoticeShown {
  const [tone, wanted] = kinds[notice.kind]
  const url = ('url' in notice && notice.url) || undefined
  const action = wanted === 'pay' && !url ? 'portal' : wanted
  const days = notice.at === null ? undefined : Math.max(0, Math.ceil((Date.parse(notice.at) - Date.parse(asOf)) / day))
  return { notice, tone, action: canManageBilling ? action : 'none', url, days }
}
