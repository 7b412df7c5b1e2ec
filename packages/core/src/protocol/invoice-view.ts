import { toIso } from '../domain/instant.ts'
import type { Invoice, InvoicePreview } from '../ports/payments.ts'
import type { InvoiceView } from './invoices.ts'
import type { InvoicePreviewView } from './subscription-change.ts'

export function invoiceView({ createdAt, periodStart, periodEnd, dueAt, ...others }: Invoice): InvoiceView {
  return {
    ...others,
    createdAt: toIso(createdAt),
    periodStart: toIso(periodStart),
    periodEnd: toIso(periodEnd),
    dueAt: toIso(dueAt),
  }
}

export function invoicePreviewView({ lines, ...totals }: InvoicePreview): InvoicePreviewView {
  return {
    ...totals,
    lines: lines.map((line) => ({ ...line, periodStart: toIso(line.periodStart), periodEnd: toIso(line.periodEnd) })),
  }
}
