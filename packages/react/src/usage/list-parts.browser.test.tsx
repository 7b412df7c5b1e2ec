import type { CreditsView } from '@farebox/core/protocol'
import { type ReactElement, createRef } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { CreditBalance, CreditLedger, UsageBar, UsageDashboard, UsageTable } from '../index.ts'
import { BillingMock, type BillingMockProps, mockAnswers, mockSnapshot, mockUsage } from '../testing/index.ts'

const { grants } = mockAnswers()['GET /credits'] as CreditsView
const snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(96, 100), tokens: mockUsage(7, null, { unit: 'token' }) }, grants })

async function show(ui: ReactElement, more: BillingMockProps = {}): Promise<HTMLElement> {
  const { container } = await render(<BillingMock snapshot={snapshot} labels={{ apiCalls: 'API calls' }} {...more}>{ui}</BillingMock>)
  return container
}

/** Every list, whole and put together by hand from its parts. */
const lists: Readonly<Record<string, { readonly whole: ReactElement; readonly parts: ReactElement }>> = {
  UsageDashboard: {
    whole: <UsageDashboard />,
    parts: (
      <UsageDashboard.Root>
        <UsageDashboard.List>
          {(feature) => <UsageDashboard.Item feature={feature}><UsageBar feature={feature} /></UsageDashboard.Item>}
        </UsageDashboard.List>
      </UsageDashboard.Root>
    ),
  },
  UsageTable: {
    whole: <UsageTable />,
    parts: (
      <UsageTable.Root>
        <UsageTable.Table>
          <UsageTable.Title />
          <UsageTable.Head />
          <UsageTable.Rows>
            {(feature) => <UsageTable.Row feature={feature}><UsageTable.Feature /><UsageTable.Used /><UsageTable.Left /></UsageTable.Row>}
          </UsageTable.Rows>
        </UsageTable.Table>
      </UsageTable.Root>
    ),
  },
  CreditBalance: {
    whole: <CreditBalance />,
    parts: (
      <CreditBalance.Root>
        <CreditBalance.Title />
        <CreditBalance.List>
          {(credits) => <CreditBalance.Item credits={credits}><CreditBalance.Label /><CreditBalance.Amount /><CreditBalance.Expiry /></CreditBalance.Item>}
        </CreditBalance.List>
      </CreditBalance.Root>
    ),
  },
  CreditLedger: {
    whole: <CreditLedger />,
    parts: (
      <CreditLedger.Root>
        <CreditLedger.Table>
          <CreditLedger.Title />
          <CreditLedger.Head />
          <CreditLedger.Rows>
            {(grant) => <CreditLedger.Row grant={grant}><CreditLedger.Feature /><CreditLedger.Left /><CreditLedger.Expiry /></CreditLedger.Row>}
          </CreditLedger.Rows>
        </CreditLedger.Table>
      </CreditLedger.Root>
    ),
  },
}

describe.each(Object.entries(lists))('%s', (_name, { whole, parts }) => {
  it.each<[string, BillingMockProps]>([
    ['there', {}],
    ['loading', { snapshot: null, server: 'loading' }],
    ['empty', { snapshot: mockSnapshot({ usage: {}, grants: [] }) }],
  ])('is made of its parts alone, %s', async (_state, more) => {
    const { innerHTML } = await show(whole, more)
    expect((await show(parts, more)).innerHTML).toBe(innerHTML)
    expect(innerHTML).toContain('data-slot')
  })

  it('has a slot on every element that a stylesheet may want to reach', async () => {
    const container = await show(whole)
    const styled = [...container.querySelectorAll('ul, li, table, caption, thead, tbody, tbody > tr, tbody th, td, dl, dt, dd')]
    expect(styled.length).toBeGreaterThanOrEqual(3)
    expect(styled.filter((element) => !element.hasAttribute('data-slot')).map(({ outerHTML }) => outerHTML)).toEqual([])
  })
})

describe('a part', () => {
  const row = createRef<HTMLTableRowElement>()
  beforeEach(() => {
    row.current = null
  })

  it('passes on ref, props and a class that follows its state, and tells the tone', async () => {
    await show(
      <UsageTable.Root features={['apiCalls']} className={({ items }) => `of-${items.data?.length}`} id="usage">
        <UsageTable.Table>
          <UsageTable.Rows>
            {(feature) => (
              <UsageTable.Row feature={feature} ref={row} label="Calls" title="hint" className={({ usage }) => usage.data?.tone}>
                <UsageTable.Feature />
                <UsageTable.Left style={{ color: 'rgb(1, 2, 3)' }} />
              </UsageTable.Row>
            )}
          </UsageTable.Rows>
        </UsageTable.Table>
      </UsageTable.Root>,
    )
    expect(page.getByRole('region', { name: 'Usage' }).element()).toMatchObject({ id: 'usage', className: 'of-1' })
    expect(row.current).toMatchObject({ tagName: 'TR', title: 'hint', className: 'critical' })
    expect(row.current?.dataset).toMatchObject({ slot: 'usage-table-row', feature: 'apiCalls', tone: 'critical' })
    expect([...(row.current?.cells ?? [])].map((cell) => cell.textContent)).toEqual(['Calls', '4Resets Dec 1, 2026'])
    expect(getComputedStyle(page.getByRole('cell').element()).color).toBe('rgb(1, 2, 3)')
  })

  it('becomes another element by `render` and by `asChild`, with what it knows', async () => {
    const container = await show(
      <CreditBalance.Root render={<section />}>
        <CreditBalance.Title asChild><h2 className="mine">Extra</h2></CreditBalance.Title>
        <CreditBalance.List render={<ol />}>
          {(credits) => (
            <CreditBalance.Item credits={credits} render={(props, { amount, expiry }) => <li {...props}>{`${amount}; ${expiry}`}</li>} />
          )}
        </CreditBalance.List>
      </CreditBalance.Root>,
    )
    expect(container.querySelector('section')?.dataset['slot']).toBe('credit-balance')
    const title = page.getByRole('heading', { name: 'Extra' }).element()
    expect(title.className).toBe('mine')
    expect(title.getAttribute('data-slot')).toBe('credit-title')
    await expect.element(page.getByRole('listitem')).toHaveTextContent('110 calls; 60 expire Dec 31, 2026')
  })

  it('stays in its place while the list is loading, and the slots of its Root with it', async () => {
    await show(
      <CreditBalance.Root loading={<p>Wait</p>}>
        <CreditBalance.Title />
        <CreditBalance.List />
      </CreditBalance.Root>,
      { snapshot: null, server: 'loading' },
    )
    await expect.element(page.getByText('Credits')).toBeVisible()
    await expect.element(page.getByText('Wait')).toBeVisible()
  })

  it('says so when it stands outside its Root', async () => {
    await expect(render(<BillingMock><UsageTable.Table /></BillingMock>)).rejects.toThrow('Root above')
  })
})
