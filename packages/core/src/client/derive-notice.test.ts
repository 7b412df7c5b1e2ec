import { describe, expect, it } from 'vitest'
import { noticeKinds } from '../domain/notices.ts'
import type { NoticeView } from '../protocol/snapshot.ts'
import { deriveNotice } from './derive-notice.ts'

const asOf = '2026-11-21T12:00:00.000Z'
const due = { amount: 2900, currency: 'usd' }
const manager = { canManageBilling: true, asOf }

function noticeOf(kind: NoticeView['kind'], at: string | null = null): NoticeView {
  switch (kind) {
    case 'payment-action-required':
    case 'payment-failed':
      return { kind, at, url: 'https://pay.example.com/in_1', due }
    case 'change-scheduled':
      return { kind, at, plan: 'pro', interval: 'month' }
    case 'card-expiring':
      return { kind, at, brand: 'visa', last4: '4242' }
    default:
      return { kind, at }
  }
}

describe('deriveNotice', () => {
  it('is never milder for what presses more', () => {
    const tones = noticeKinds.map((kind) => ['critical', 'warn', 'info'].indexOf(deriveNotice(noticeOf(kind), manager).tone))
    expect(tones.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0])
    expect(tones.slice(6).every((tone) => tone > 0)).toBe(true)
  })

  it('sends to the page on which it is paid, or to the portal where none is told', () => {
    expect(deriveNotice(noticeOf('payment-failed'), manager)).toMatchObject({ action: 'pay', url: 'https://pay.example.com/in_1' })
    expect(deriveNotice({ kind: 'payment-failed', at: null, url: null, due }, manager)).toMatchObject({ action: 'portal', url: undefined })
  })

  it('offers nothing to who may not manage the billing', () => {
    for (const kind of noticeKinds) expect(deriveNotice(noticeOf(kind), { canManageBilling: false, asOf }).action).toBe('none')
  })

  it.each([
    ['2026-11-21T12:00:00.001Z', 1], ['2026-11-22T12:00:00.000Z', 1], ['2026-11-22T12:00:01.000Z', 2], ['2026-11-20T00:00:00.000Z', 0],
  ])('counts days begun to %s from the snapshot\'s moment', (at, days) => {
    expect(deriveNotice(noticeOf('trial-ending', at), manager).days).toBe(days)
  })

  it('counts no days without an instant', () => {
    expect(deriveNotice(noticeOf('paused'), manager).days).toBeUndefined()
  })
})
