import type { UsageHistoryView } from '../protocol/usage-history.ts'

const columns = ['feature', 'unit', 'periodStart', 'used', 'overage']

/**
 * Past usage as CSV (RFC 4180) of raw values: amounts as plain integers and instants as ISO 8601 in UTC, whatever the locale.
 * Pure. A text that a spreadsheet would take for a formula is made plain by an apostrophe before it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180#section-2 | RFC 4180, section 2}
 * @see {@link https://owasp.org/www-community/attacks/CSV_Injection | CSV injection}
 */
export function deriveHistoryCsv({ feature, unit, periods }: UsageHistoryView): string {
  const rows = periods.map(({ periodStart, used, overage }) => [feature, unit, periodStart, used, overage])
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = value.replace(/^[=+\-@\t\r\n＝＋－＠]/, "'$&")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
