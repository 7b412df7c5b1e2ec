import type { NoticeView, Snapshot } from '@farebox/core/protocol'
import { useBilling } from '@farebox/react'
import { useState } from 'react'
import { day, money } from './format.ts'

/** What the customer should know: a payment that failed, an end that is near, a change that waits. Most pressing first. */
export function Notices(): React.ReactElement | null {
  const { data, client } = useBilling()
  const [fault, setFault] = useState('')
  if (data === undefined || data.notices.length === 0) return null

  async function takeBack(): Promise<void> {
    const { error } = await client.resume()
    setFault(error === undefined ? '' : (error.problem?.title ?? 'The server cannot be reached'))
  }

  return (
    <section className="card notices" aria-label="Notices">
      <ul>
        {data.notices.map((notice) => (
          <li key={notice.kind} className="row" data-kind={notice.kind}>
            <span>{textOf(notice, data)}</span>
            {'url' in notice && notice.url !== null && (
              <a className="secondary" href={notice.url}>
                {notice.kind === 'payment-failed' ? 'Pay now' : 'Confirm the payment'}
              </a>
            )}
            {data.canManageBilling && canBeTakenBack(notice) && (
              <button type="button" className="secondary" onClick={() => void takeBack()}>
                {notice.kind === 'paused' ? 'Resume' : 'Keep it as it is'}
              </button>
            )}
          </li>
        ))}
      </ul>
      <output className="fault">{fault}</output>
    </section>
  )
}

function canBeTakenBack({ kind }: NoticeView): boolean {
  return kind === 'cancellation-scheduled' || kind === 'change-scheduled' || kind === 'paused'
}

function textOf(notice: NoticeView, { planName, plans }: Snapshot): string {
  const at = notice.at === null ? null : day(notice.at)
  switch (notice.kind) {
    case 'access-ended':
      return 'What is owed was not paid, so the paid plan gives nothing now.'
    case 'payments-mismatch':
      return 'Something is wrong with this subscription. Write to us: we see it, too.'
    case 'trial-ended-without-card':
      return 'The trial is over. Choose a plan to go on.'
    case 'payment-past-due':
      return at === null ? `${planName} goes on although a payment is overdue.` : `A payment is overdue: ${planName} ends on ${at} unless it is paid.`
    case 'payment-failed':
      return `A payment of ${money(notice.due.amount, notice.due.currency)} failed.${at === null ? '' : ` It is tried again on ${at}.`}`
    case 'payment-action-required':
      return `Your bank asks you to confirm a payment of ${money(notice.due.amount, notice.due.currency)}.`
    case 'paused':
      return at === null ? 'Your subscription is paused.' : `Your subscription is paused until ${at}.`
    case 'trial-ending':
      return at === null ? 'The trial ends soon.' : `The trial ends on ${at}.`
    case 'cancellation-scheduled':
      return at === null ? `${planName} ends soon.` : `${planName} ends on ${at}.`
    case 'change-scheduled': {
      const next = notice.plan === null ? 'another plan' : (plans[notice.plan]?.name ?? notice.plan)
      return `${next}${notice.interval === null ? '' : `, by the ${notice.interval},`} begins${at === null ? ' soon' : ` on ${at}`}.`
    }
    case 'card-expiring':
      return `The card ending in ${notice.last4} expires${at === null ? ' soon' : ` on ${at}`}. Give a new one under "Manage billing".`
    default:
      return notice satisfies never
  }
}
