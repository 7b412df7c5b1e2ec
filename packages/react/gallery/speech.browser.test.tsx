import { describe, expect, it } from 'vitest'
import { utils } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { allStates } from './all-states.ts'
import '../src/styles.css'
import '../src/styles/admin.css'

/** What is heard of a state, in order: roles, names, states and texts. What is said when something happens is apart. */
async function hear(family: string, state: string): Promise<string> {
  const ui = allStates[family]?.[state]
  if (!ui) throw new Error(`There is no state ${state}`)
  const { container } = await render(ui())
  await expect.poll(() => container.querySelector('[aria-busy=true]')).toBeNull()
  container.querySelector('[data-slot=billing-announcer]')?.setAttribute('hidden', '')
  const tree = utils.aria.renderAriaTree(utils.aria.generateAriaTree(container))
  // A mark has no words in a browser: the stylesheet gives it none, which the tree does not know. Where links lead is not heard.
  return tree.replaceAll(/▲ ?\\?" \/ \\?" ?/g, '').replaceAll(/\n *- \/url: .*/g, '')
}

/** Two words with nothing between them but the border of an element: they are heard as one. */
function fusedWords(container: HTMLElement): string[] {
  return [...container.querySelectorAll('*')].flatMap(({ childNodes }) =>
    [...childNodes].flatMap((node, index) => {
      const next = childNodes[index + 1]
      const isFused = next && isInline(node) && isInline(next) && /[\p{L}\p{N}]$/u.test(node.textContent ?? '') && /^[\p{L}\p{N}]/u.test(next.textContent ?? '')
      return isFused ? [`${node.textContent}|${next.textContent}`] : []
    }),
  )
}

function isInline(node: Node): boolean {
  if (!(node instanceof HTMLElement)) return node.nodeType === Node.TEXT_NODE
  const { display, position } = getComputedStyle(node)
  return display === 'inline' && position === 'static' && !node.hasAttribute('aria-hidden')
}

it('finds words that run into each other', async () => {
  const { container } = await render(<div><b>Yearly</b><i>save</i> <u>16</u><div>per cent</div></div>)
  expect(fusedWords(container)).toEqual(['Yearly|save'])
})

describe.each(Object.entries(allStates))('%s', (_family, states) => {
  it.each(Object.entries(states))('%s keeps words apart, and names what it groups', async (_state, ui) => {
    const { container } = await render(ui())
    expect(fusedWords(container)).toEqual([])
    const nameless = [...container.querySelectorAll('fieldset, figure, [role=region], [role=group], [role=meter], [tabindex="0"]')].filter(
      (element) => !element.matches('[aria-label], [aria-labelledby], :has(> legend), :has(> figcaption)'),
    )
    expect(nameless.map(({ outerHTML }) => outerHTML.slice(0, 120))).toEqual([])
  })
})

describe('what is heard of', () => {
  it('a meter', async () => {
    expect(await hear('Usage', 'UsageBar, over the limit')).toMatchInlineSnapshot(`
      "- text: API calls 120 of 100 calls, over the limit
      - meter "API calls"
      - text: Resets Dec 1, 2026"
    `)
    expect(await hear('Usage', 'UsageBar, unlimited')).toMatchInlineSnapshot(`"- text: API calls 1,234 calls, no limit Resets Dec 1, 2026"`)
    expect(await hear('Usage', 'UsageRing, unlimited')).toMatchInlineSnapshot(`"- text: API calls 1,234 calls, no limit Resets Dec 1, 2026"`)
    expect(await hear('Usage', 'QuotaIndicator, near the limit')).toMatchInlineSnapshot(`"- text: "API calls: 1 left""`)
  })

  it('all meters', async () => {
    expect(await hear('Usage', 'UsageDashboard, stale')).toMatchInlineSnapshot(`
      "- list:
        - listitem:
          - text: API calls 3 of 5 calls, outdated
          - meter "API calls"
          - text: Resets Dec 1, 2026"
    `)
    expect(await hear('Usage', 'UsageTable, busy')).toMatchInlineSnapshot(`
      "- region "Usage":
        - table "Usage":
          - caption: Usage
          - rowgroup:
            - row "Feature Used Left":
              - columnheader "Feature"
              - columnheader "Used"
              - columnheader "Left"
          - rowgroup:
            - row "API calls 12,480 of 50,000 calls 37,520 Resets Dec 1, 2026":
              - rowheader "API calls"
              - cell "12,480 of 50,000 calls"
              - cell "37,520 Resets Dec 1, 2026"
            - row "Tokens 1,740,000 of 2,000,000 tokens 260,000 Resets Dec 1, 2026":
              - rowheader "Tokens"
              - cell "1,740,000 of 2,000,000 tokens"
              - cell "260,000 Resets Dec 1, 2026"
            - row "Storage 10 of 10 gigabytes limit reached Resets Dec 1, 2026":
              - rowheader "Storage"
              - cell "10 of 10 gigabytes"
              - cell "limit reached Resets Dec 1, 2026"
            - row "Exports 120 of 100 exports over the limit Resets Dec 1, 2026":
              - rowheader "Exports"
              - cell "120 of 100 exports"
              - cell "over the limit Resets Dec 1, 2026"
            - row "Messages 1,234 messages no limit Resets Dec 1, 2026":
              - rowheader "Messages"
              - cell "1,234 messages"
              - cell "no limit Resets Dec 1, 2026"
            - row "Transcription 0 of 600 minutes 600 Resets Dec 1, 2026":
              - rowheader "Transcription"
              - cell "0 of 600 minutes"
              - cell "600 Resets Dec 1, 2026""
    `)
  })

  it('past usage', async () => {
    expect(await hear('Usage', 'UsageChart, months')).toMatchInlineSnapshot(`
      "- figure "API calls over time":
        - text: API calls over time
        - group "API calls over time":
          - table:
            - rowgroup:
              - row "Period from Used Overage":
                - columnheader "Period from"
                - columnheader "Used"
                - columnheader "Overage"
            - rowgroup:
              - row "Jun 1, 2026 120 calls 0 calls":
                - rowheader "Jun 1, 2026"
                - cell "120 calls"
                - cell "0 calls"
              - row "Jul 1, 2026 340 calls 0 calls":
                - rowheader "Jul 1, 2026"
                - cell "340 calls"
                - cell "0 calls"
              - row "Aug 1, 2026 280 calls 0 calls":
                - rowheader "Aug 1, 2026"
                - cell "280 calls"
                - cell "0 calls"
              - row "Sep 1, 2026 410 calls 0 calls":
                - rowheader "Sep 1, 2026"
                - cell "410 calls"
                - cell "0 calls"
              - row "Oct 1, 2026 500 calls 5 calls":
                - rowheader "Oct 1, 2026"
                - cell "500 calls"
                - cell "5 calls"
              - row "Nov 1, 2026 6 calls 0 calls":
                - rowheader "Nov 1, 2026"
                - cell "6 calls"
                - cell "0 calls"
        - link "Download CSV":"
    `)
    expect(await hear('Usage', 'UsageChart, empty')).toMatchInlineSnapshot(`"- figure "API calls over time": API calls over time Nothing used yet."`)
  })

  it('credits', async () => {
    expect(await hear('Usage', 'CreditBalance, of two features')).toMatchInlineSnapshot(`
      "- text: Credits
      - term: API calls
      - definition: 110 calls
      - definition: 60 expire Dec 31, 2026
      - term: Tokens
      - definition: 2,000,000 tokens
      - definition: No expiry"
    `)
    expect(await hear('Usage', 'CreditLedger, in order')).toMatchInlineSnapshot(`
      "- region "Credits, in the order they are used":
        - table "Credits, in the order they are used":
          - caption: Credits, in the order they are used
          - rowgroup:
            - row "Credits for Left Expires":
              - columnheader "Credits for"
              - columnheader "Left"
              - columnheader "Expires"
          - rowgroup:
            - row "API calls 60 of 100 calls Dec 31, 2026":
              - rowheader "API calls"
              - cell "60 of 100 calls"
              - cell "Dec 31, 2026"
            - row "API calls 50 of 50 calls No expiry":
              - rowheader "API calls"
              - cell "50 of 50 calls"
              - cell "No expiry"
            - row "API calls 0 of 1,000 calls Jan 31, 2027":
              - rowheader "API calls"
              - cell "0 of 1,000 calls"
              - cell "Jan 31, 2027"
            - row "Tokens 2,000,000 of 2,000,000 tokens No expiry":
              - rowheader "Tokens"
              - cell "2,000,000 of 2,000,000 tokens"
              - cell "No expiry""
    `)
  })

  it('plans', async () => {
    expect(await hear('Plans', 'PricingTable, on the free plan')).toMatchInlineSnapshot(`
      "- region "Plans":
        - group "Billing interval":
          - text: Billing interval
          - radio "Monthly" [checked]
          - text: Monthly
          - radio "Yearly save up to 16%"
          - text: Yearly save up to 16%
        - text: Currency
        - combobox "Currency":
          - option "USD" [selected]
          - option "EUR"
        - list:
          - listitem:
            - heading "Free" [level=3]
            - paragraph: To try it
            - text: $0 a month
            - button "Current plan" [disabled]
            - status
            - term: API calls
            - definition: 5 calls a month
            - term: Exports
            - definition: Not included
            - term: Members
            - definition: Up to 1
          - listitem:
            - heading "Pro Recommended" [level=3]
            - paragraph: For daily work
            - text: $29 a month 14 days free
            - button "Start free trial"
            - status
            - term: API calls
            - definition: 500 calls a month
            - term: Exports
            - definition: Included
            - term: Members
            - definition: Up to 5
          - listitem:
            - heading "Enterprise" [level=3]
            - paragraph: For large teams
            - text: Custom
            - link "Contact us":
            - status
            - term: API calls
            - definition: Unlimited
            - term: Exports
            - definition: Included
            - term: Members
            - definition: Unlimited"
    `)
    expect(await hear('Plans', 'PricingTable, as a matrix, by seat')).toMatchInlineSnapshot(`
      "- region "Plans":
        - group "Seats":
          - button "Fewer seats" [disabled]: −
          - spinbutton "Seats": "2"
          - button "More seats": +
        - region "What you get":
          - table:
            - rowgroup:
              - row "What you get Free Pro Enterprise":
                - columnheader "What you get"
                - columnheader "Free":
                  - heading "Free" [level=3]
                  - text: $0 a month
                - columnheader "Pro":
                  - heading "Pro Recommended" [level=3]
                  - text: $18 a month for 2 seats
                - columnheader "Enterprise":
                  - heading "Enterprise" [level=3]
                  - text: Custom
              - row "Downgrade to Free Current plan":
                - cell "Downgrade to Free":
                  - button "Downgrade to Free"
                  - status
                - cell "Current plan":
                  - button "Current plan" [disabled]
                  - status
                - cell
            - rowgroup:
              - row "API calls 5 calls a month 500 calls a month, then $0.005 each Unlimited":
                - rowheader "API calls"
                - cell "5 calls a month"
                - cell "500 calls a month, then $0.005 each"
                - cell "Unlimited"
              - row "Exports Not included Included Included":
                - rowheader "Exports"
                - cell "Not included"
                - cell "Included"
                - cell "Included"
              - row "Members Up to 1 As many as you buy Unlimited":
                - rowheader "Members"
                - cell "Up to 1"
                - cell "As many as you buy"
                - cell "Unlimited"
              - row "Models small small, large small, large":
                - rowheader "Models"
                - cell "small"
                - cell "small, large"
                - cell "small, large""
    `)
  })

  it('what is offered and what is told', async () => {
    expect(await hear('Plans', 'UpgradePrompt, limit reached')).toMatchInlineSnapshot(`
      "- alert:
        - text: "API calls: limit reached Pro includes 500 calls."
        - button "Upgrade to Pro""
    `)
    expect(await hear('Account', 'BillingNotice, past due')).toMatchInlineSnapshot(`
      "- text: "Urgent: Payment overdue Your payment of $29.00 did not arrive. Access ends on Nov 23, 2026."
      - link "Pay now":"
    `)
  })

  it('money', async () => {
    expect(await hear('Account', 'UpcomingBill, there')).toMatchInlineSnapshot(`
      "- text: Next bill $29.00 On Dec 21, 2026
      - term: 1 × Pro (at $29.00 / month)
      - definition: $29.00"
    `)
    expect(await hear('Account', 'PaymentMethodList, empty')).toMatchInlineSnapshot(`
      "- text: Payment method No payment method yet.
      - button "Add payment method"
      - status"
    `)
    expect(await hear('Account', 'InvoiceList, there')).toMatchInlineSnapshot(`
      "- text: Invoices
      - group "Invoices":
        - table:
          - rowgroup:
            - row "Invoice Status Total Documents":
              - columnheader "Invoice"
              - columnheader "Status"
              - columnheader "Total"
              - columnheader "Documents"
          - rowgroup:
            - row "Invoice F-0003 Nov 21, 2026 Open $29.00 Pay invoice F-0003 PDF of invoice F-0003":
              - rowheader "Invoice F-0003 Nov 21, 2026":
                - link "Invoice F-0003":
                  - text: F-0003
                - text: Nov 21, 2026
              - cell "Open"
              - cell "$29.00"
              - cell "Pay invoice F-0003 PDF of invoice F-0003":
                - link "Pay invoice F-0003":
                  - text: Pay
                - link "PDF of invoice F-0003":
                  - text: PDF
            - row "Invoice F-0002 Oct 21, 2026 Paid $29.00 PDF of invoice F-0002":
              - rowheader "Invoice F-0002 Oct 21, 2026":
                - link "Invoice F-0002":
                  - text: F-0002
                - text: Oct 21, 2026
              - cell "Paid"
              - cell "$29.00"
              - cell "PDF of invoice F-0002":
                - link "PDF of invoice F-0002":
                  - text: PDF
            - row "Invoice F-0001 Sep 21, 2026 Paid $29.00 PDF of invoice F-0001":
              - rowheader "Invoice F-0001 Sep 21, 2026":
                - link "Invoice F-0001":
                  - text: F-0001
                - text: Sep 21, 2026
              - cell "Paid"
              - cell "$29.00"
              - cell "PDF of invoice F-0001":
                - link "PDF of invoice F-0001":
                  - text: PDF"
    `)
  })
})
