import { CreditBalance, CreditLedger, QuotaIndicator, UsageBar, UsageChart, UsageDashboard, UsageRing, UsageTable } from '@farebox/react'
import { BillingMock, type BillingMockProps, mockAnswers, mockSnapshot, mockUsage } from '@farebox/react/testing'
import type { CreditsView, UsageHistoryView } from '@farebox/core/protocol'
import type { ReactElement } from 'react'
import type { GalleryStates } from '../gallery-states.ts'

const labels = {
  apiCalls: 'API calls', tokens: 'Tokens', storage: 'Storage', exports: 'Exports', messages: 'Messages', minutes: 'Transcription',
}

/** A customer near, at and beyond several limits. */
const busy = mockSnapshot({
  usage: {
    apiCalls: mockUsage(12_480, 50_000),
    tokens: mockUsage(1_700_000, 2_000_000, { unit: 'token', reserved: 40_000 }),
    storage: mockUsage(10, 10, { unit: 'gigabyte' }),
    exports: mockUsage(100, 100, { unit: 'export', overage: 20, remaining: null }),
    messages: mockUsage(1234, null, { unit: 'message' }),
    minutes: mockUsage(0, 600, { unit: 'minute' }),
  },
})

const longWords = mockSnapshot({
  usage: { apiCalls: mockUsage(1_234_567_890, 9_876_543_210, { unit: 'Dokumentverarbeitungseinheit', reserved: 987_654_321 }) },
})

/** States that everything about the snapshot can be in. */
function everyState(name: string, element: ReactElement): GalleryStates {
  const at = (props: BillingMockProps) => (): ReactElement => (
    <BillingMock labels={labels} {...props}>
      {element}
    </BillingMock>
  )
  return {
    [`${name}, loading`]: at({ snapshot: null, server: 'loading' }),
    [`${name}, failed`]: at({ snapshot: null, server: 'failing' }),
    [`${name}, stale`]: at({ server: 'failing' }),
    [`${name}, empty`]: at({ snapshot: mockSnapshot({ usage: {}, grants: [] }) }),
  }
}

/** States of what shows one feature. */
function meterStates(name: string, element: ReactElement): GalleryStates {
  const at = (...of: Parameters<typeof mockUsage>) => (): ReactElement => (
    <BillingMock labels={labels} snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(...of) } })}>
      {element}
    </BillingMock>
  )
  return {
    ...everyState(name, element),
    [`${name}, not in the plan`]: at(0, 0),
    [`${name}, unused`]: at(0, 5),
    [`${name}, partly used`]: at(3, 5),
    [`${name}, reserved`]: at(1, 5, { reserved: 2 }),
    [`${name}, near the limit`]: at(4, 5),
    [`${name}, at the limit`]: at(5, 5),
    [`${name}, over the limit`]: at(120, 100),
    [`${name}, unlimited`]: at(1234, null),
    [`${name}, long words`]: () => (
      <BillingMock locale="de-DE" labels={{ apiCalls: 'Dokumentverarbeitungseinheiten im Abrechnungszeitraum' }} snapshot={longWords}>
        {element}
      </BillingMock>
    ),
  }
}

function busyState(element: ReactElement, more: BillingMockProps = {}) {
  return (): ReactElement => (
    <BillingMock labels={labels} snapshot={busy} {...more}>
      {element}
    </BillingMock>
  )
}

function chart(history: Partial<UsageHistoryView>, more: BillingMockProps = {}) {
  const view: UsageHistoryView = { feature: 'apiCalls', unit: 'call', periods: [], ...history }
  return busyState(<UsageChart feature="apiCalls" />, { answers: { 'GET /usage': view }, ...more })
}

function periods(count: number, hours: number): UsageHistoryView['periods'] {
  return Array.from({ length: count }, (_, index) => {
    const used = Math.round(520 + 480 * Math.sin(index / 2.2))
    const periodStart = new Date(Date.UTC(2026, 10, 21, 6) - (count - 1 - index) * hours * 3_600_000).toISOString()
    return { periodStart, used: Math.min(used, 800), overage: Math.max(0, used - 800) }
  })
}

// Of answers the type is not kept.
const { grants } = mockAnswers()['GET /credits'] as CreditsView
const credited = mockSnapshot({
  grants: [
    ...grants,
    {
      id: 'spent', feature: 'apiCalls', amount: 1000, used: 1000, remaining: 0, priority: 50, effectiveAt: '2026-11-01T00:00:00.000Z',
      expiresAt: '2027-01-31T00:00:00.000Z',
    },
    {
      id: 'pack', feature: 'tokens', amount: 2_000_000, used: 0, remaining: 2_000_000, priority: 50, effectiveAt: '2026-11-10T00:00:00.000Z',
      expiresAt: null,
    },
  ],
})

/** Lists that an app put together from parts. */
const ofParts: Readonly<Record<string, ReactElement>> = {
  UsageDashboard: (
    <UsageDashboard.Root order="pressing">
      <UsageDashboard.List style={{ gridTemplateColumns: '1fr' }}>
        {(feature) => <UsageDashboard.Item feature={feature}><UsageRing feature={feature} /></UsageDashboard.Item>}
      </UsageDashboard.List>
    </UsageDashboard.Root>
  ),
  UsageTable: (
    <UsageTable.Root>
      <UsageTable.Table>
        <UsageTable.Title render={<caption data-hidden="" />} />
        <UsageTable.Rows>
          {(feature) => (
            <UsageTable.Row feature={feature}>
              <UsageTable.Feature />
              <UsageTable.Left />
            </UsageTable.Row>
          )}
        </UsageTable.Rows>
      </UsageTable.Table>
    </UsageTable.Root>
  ),
  CreditBalance: (
    <CreditBalance.Root>
      <CreditBalance.List>
        {(credits) => (
          <CreditBalance.Item credits={credits} data-row="">
            <CreditBalance.Label />
            <CreditBalance.Amount />
          </CreditBalance.Item>
        )}
      </CreditBalance.List>
    </CreditBalance.Root>
  ),
  CreditLedger: (
    <CreditLedger.Root>
      <CreditLedger.Table>
        <CreditLedger.Rows>{(grant) => <CreditLedger.Row grant={grant}><CreditLedger.Feature /><CreditLedger.Expiry /></CreditLedger.Row>}</CreditLedger.Rows>
      </CreditLedger.Table>
    </CreditLedger.Root>
  ),
}

/** Every state of the components about usage. */
export const usageStates: GalleryStates = {
  ...meterStates('UsageBar', <UsageBar feature="apiCalls" />),
  ...meterStates('UsageRing', <UsageRing feature="apiCalls" />),
  ...meterStates('QuotaIndicator', <QuotaIndicator feature="apiCalls" />),
  ...everyState('UsageDashboard', <UsageDashboard />),
  'UsageDashboard, busy': busyState(<UsageDashboard />),
  'UsageDashboard, most pressing first': busyState(<UsageDashboard order="pressing" />),
  'UsageDashboard, of rings': busyState(<UsageDashboard>{(feature) => <UsageRing feature={feature} />}</UsageDashboard>),
  ...everyState('UsageTable', <UsageTable />),
  'UsageTable, busy': busyState(<UsageTable />),
  'UsageTable, with what the plan lacks': busyState(<UsageTable features={['tokens', 'apiCalls']} />, { snapshot: mockSnapshot() }),
  'UsageTable, long words': busyState(<UsageTable />, { snapshot: longWords, locale: 'de-DE', labels: { apiCalls: 'Verarbeitete Dokumente' } }),
  'UsageChart, loading': chart({}, { server: 'loading' }),
  'UsageChart, failed': chart({}, { server: 'failing' }),
  'UsageChart, empty': chart({}),
  'UsageChart, months': busyState(<UsageChart feature="apiCalls" />),
  'UsageChart, one period': chart({ periods: periods(1, 24) }),
  'UsageChart, a month without use': chart({ periods: periods(12, 720).filter((_, index) => index !== 7) }),
  'UsageChart, days': chart({ periods: periods(30, 24) }),
  'UsageChart, hours': chart({ periods: periods(48, 1) }),
  ...everyState('CreditBalance', <CreditBalance />),
  'CreditBalance, of two features': busyState(<CreditBalance />, { snapshot: credited }),
  'CreditBalance, of one feature': busyState(<CreditBalance feature="apiCalls" />, { snapshot: credited }),
  ...everyState('CreditLedger', <CreditLedger />),
  'CreditLedger, in order': busyState(<CreditLedger />, { snapshot: credited }),
  ...Object.fromEntries(Object.entries(ofParts).map(([name, element]) => [`${name}, of its parts`, busyState(element, { snapshot: credited })])),
}
