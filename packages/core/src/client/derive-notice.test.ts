import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noticeKinds } from '../domain/notices.ts'
import type { NoticeView } from '../protocol/snapshot.ts'
import { type NoticeSource, deriveNotice, deriveNotices } from './derive-notice.ts'

const asOf = '2026-11-21T12:00:00.000Z'
const later = '2026-12-01T12:00:00.000Z'
const due = { amount: 2900, currency: 'usd' }
const url = 'https://pay.example.com/in_1'
const manager: NoticeSource = {
  canManageBilling: true, asOf, status: 'active', plans: { pro: { name: 'Pro', interval: 'month' } },
}

function noticeOf(kind: NoticeView['kind'], at: string | null = null): NoticeView {
  switch (kind) {
    case 'payment-action-required':
    case 'payment-failed':
      return { kind, at, url, due }
    case 'change-scheduled':
      return { kind, at, plan: 'pro', interval: 'month' }
    case 'card-expiring':
      return { kind, at, brand: 'visa', last4: '4242' }
    default:
      return { kind, at }
  }
}

function shown(kinds: readonly NoticeView['kind'][], more: Partial<NoticeSource> = {}, at: string | null = later) {
  return deriveNotices({ ...manager, ...more, notices: kinds.map((kind) => noticeOf(kind, at)) })
}

describe('deriveNotice', () => {
  it('is never milder for what presses more', () => {
    const tones = noticeKinds.map((kind) => ['critical', 'warn', 'info'].indexOf(deriveNotice(noticeOf(kind), manager).tone))
    expect(tones.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0])
    expect(tones.slice(6).every((tone) => tone > 0)).toBe(true)
  })

  it('sends to the page on which it is paid, or to the portal where none is told', () => {
    expect(deriveNotice(noticeOf('payment-failed'), manager)).toMatchObject({ action: 'pay', url, due })
    expect(deriveNotice({ kind: 'payment-failed', at: null, url: null, due }, manager)).toMatchObject({ action: 'portal', url: undefined, due })
  })

  it('has who may not manage the billing ask for what there is to do', () => {
    for (const kind of noticeKinds) {
      const mine = deriveNotice(noticeOf(kind), manager).action
      expect(deriveNotice(noticeOf(kind), { ...manager, canManageBilling: false }).action).toBe(mine === 'none' ? 'none' : 'ask')
    }
  })

  it('offers no portal to a trial that is over for good, for a card would bring nothing back', () => {
    const notice = noticeOf('trial-ended-without-card')
    expect(deriveNotice(notice, { ...manager, status: 'paused' }).action).toBe('portal')
    expect(deriveNotice(notice, { ...manager, status: 'canceled' }).action).toBe('none')
  })

  it('presses for the end of a trial in its last three days', () => {
    expect(deriveNotice(noticeOf('trial-ending', '2026-11-24T12:00:00.000Z'), manager).tone).toBe('warn')
    expect(deriveNotice(noticeOf('trial-ending', '2026-11-24T12:00:00.001Z'), manager).tone).toBe('info')
  })

  it('calls the plan as people do, where the catalog still has it', () => {
    expect(deriveNotice(noticeOf('change-scheduled'), manager).planName).toBe('Pro')
    expect(deriveNotice(noticeOf('change-scheduled'), { ...manager, plans: {} }).planName).toBeUndefined()
  })

  it('counts no days without an instant', () => {
    expect(deriveNotice(noticeOf('paused'), manager).days).toBeUndefined()
  })
})

describe('deriveNotices', () => {
  it.each([
    [['payment-past-due', 'payment-failed'], { kind: 'payment-past-due', at: later }],
    [['payment-action-required', 'payment-past-due'], { kind: 'payment-action-required' }],
    [['access-ended', 'payment-failed'], { kind: 'access-ended' }],
  ] as const)('tells one payment once, with its page, what is due and when access ends: %s', (kinds, notice) => {
    const notices = shown(kinds)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({ notice, action: 'pay', url, due, isPayment: true })
    expect(notices[0]?.graceEndsAt).toBe(kinds.some((kind) => kind === 'payment-past-due') ? later : undefined)
  })

  it('tells one end of a trial that nobody goes on with, and two where it is paid for a while first', () => {
    expect(shown(['cancellation-scheduled', 'trial-ending'])).toHaveLength(1)
    const notices = [noticeOf('cancellation-scheduled', '2027-01-01T00:00:00.000Z'), noticeOf('trial-ending', later)]
    expect(deriveNotices({ ...manager, notices })).toHaveLength(2)
  })

  it('keeps the order, drops nothing but what another tells, and never all', () => {
    fc.assert(
      fc.property(fc.subarray([...noticeKinds]), fc.boolean(), (kinds, canManageBilling) => {
        const notices = shown(kinds, { canManageBilling })
        const left = notices.map(({ notice }) => notice.kind)
        expect(left).toEqual(kinds.filter((kind) => left.includes(kind)))
        expect(left[0]).toBe(kinds[0])
        expect(notices.filter(({ isPayment }) => isPayment).length).toBeLessThanOrEqual(1)
        const others = kinds.filter((kind) => !/^(access|payment)-|^trial-ending/.test(kind))
        expect(left).toEqual(expect.arrayContaining(others))
        const pages = notices.filter(({ action }) => action === 'pay').map((notice) => notice.url)
        expect(pages).toEqual(pages.map(() => url))
        const quiet = notices.filter(({ action }) => action === 'ask' || action === 'none')
        expect(quiet.length).toBeGreaterThanOrEqual(canManageBilling ? 0 : notices.length)
      }),
    )
  })
})

it('tells each matter once, in the order of what there is, with what can be done by whom, whatever there is to know', () => {
  const instant = fc.option(fc.integer({ min: -40, max: 400 }).map((days) => new Date(Date.parse(asOf) + days * 86_400_000 + 1).toISOString()))
  const kindsOf = fc.subarray([...noticeKinds], { minLength: 0 }).chain((kinds) => fc.shuffledSubarray(kinds, { minLength: kinds.length }))
  const all = fc.tuple(kindsOf, fc.array(instant, { minLength: 20, maxLength: 20 }), fc.boolean(), fc.boolean()).map(([kinds, instants, hasPage, canManageBilling]) => ({
    canManageBilling,
    notices: kinds.map((kind, index): NoticeView => {
      const notice = noticeOf(kind, instants[index] ?? null)
      return 'url' in notice && !hasPage ? { ...notice, url: null } : notice
    }),
  }))
  fc.assert(fc.property(all, fc.constantFrom('none' as const, 'active' as const, 'past_due' as const, 'canceled' as const), ({ notices, canManageBilling }, status) => {
    const source = { ...manager, canManageBilling, status, notices }
    const list = deriveNotices(source)
    expect(deriveNotices(source)).toEqual(list)
    expect(notices.filter((notice) => list.some((one) => one.notice === notice))).toEqual(list.map(({ notice }) => notice))
    const payments = notices.filter(({ kind }) => /^(access|payment)-/.test(kind))
    expect(list.filter(({ isPayment }) => isPayment).map(({ notice }) => notice)).toEqual(payments.slice(0, 1))
    for (const { notice, action, tone, url: where, days, planName, graceEndsAt } of list) {
      const rules = {
        pay: action !== 'pay' || where === url,
        manager: canManageBilling || /^(ask|none)$/.test(action),
        days: days === undefined ? notice.at === null : Number.isInteger(days) && days >= 0,
        planName: planName === undefined || notice.kind === 'change-scheduled',
        grace: graceEndsAt === undefined || payments.some(({ at }) => at === graceEndsAt),
        tone: tone !== 'critical' || /^(access|payments?|trial-ended)-/.test(notice.kind),
      }
      expect(Object.entries(rules).filter(([, holds]) => !holds)).toEqual([])
      expect(deriveNotice(notice, source, notices)).toEqual(list.find((one) => one.notice === notice))
    }
    for (const notice of notices.filter((one) => !list.some((told) => told.notice === one))) {
      expect(notice.kind).toMatch(/^(access|payment)-|^trial-ending$/)
    }
  }), { numRuns: 1000 })
})
