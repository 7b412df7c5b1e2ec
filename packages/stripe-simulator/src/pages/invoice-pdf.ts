import type { Account } from '../account.ts'
import { displayAmount } from '../lifecycle/amounts/money.ts'
import type { Invoice } from '../objects.ts'
import { day } from './display.ts'

const lineHeight = 18
const mostLines = 30

/** An invoice as a PDF of one page: its number, whom it is for, what it bills and what is due. */
export function invoicePdf(account: Account, invoice: Invoice): Response {
  const { amount_remaining, currency, due_date, lines, number, status, status_transitions, total } = invoice
  const customer = account.store.customers.find(invoice.customer)
  const finalizedAt = status_transitions.finalized_at
  const text = [
    `Invoice ${number ?? invoice.id}`,
    ...(customer?.name == null ? [] : [customer.name]),
    ...(customer?.email == null ? [] : [customer.email]),
    ...(finalizedAt === null ? [] : [`Date of issue: ${day(finalizedAt)}`]),
    ...(due_date === null ? [] : [`Date due: ${day(due_date)}`]),
    '',
    ...lines.slice(0, mostLines).map(({ amount, description }) => `${description ?? 'Item'}: ${displayAmount(amount, currency)}`),
    ...(lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : []),
    '',
    `Total: ${displayAmount(total, currency)}`,
    status === 'open' ? `Amount due: ${displayAmount(amount_remaining, currency)}` : `Status: ${status}`,
  ]
  const headers = { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="Invoice-${number ?? invoice.id}.pdf"` }
  return new Response(pdfOf(text), { headers })
}

/** The smallest PDF that shows some lines of text (ISO 32000-1, 7.5). */
function pdfOf(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n')
  const content = `BT\n/F1 11 Tf\n${lineHeight} TL\n56 780 Td\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R >>`
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${trailer}\nstartxref\n${file.length}\n%%EOF\n`
}

/** What stands between brackets, in WinAnsiEncoding (ISO 32000-1, D.2); letters beyond it are shown as question marks. */
function escaped(text: string): string {
  return text.replace(/[^ -~]|[\\()]/g, (letter) => {
    if (letter <= '~') return `\\${letter}`
    if (letter === '€') return String.raw`\200`
    return letter >= '\u00a0' && letter <= '\u00ff' ? `\\${letter.charCodeAt(0).toString(8)}` : '?'
  })
}
