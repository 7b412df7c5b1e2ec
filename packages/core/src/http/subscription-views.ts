import { toIso } from '../domain/instant.ts'
import { invoicePreviewView } from '../protocol/invoice-view.ts'
import type { ChangePreviewView, ChangeView } from '../protocol/subscription-change.ts'
import type { ChangeOutcome } from '../use-cases/subscription/change-subscription.ts'
import type { PlanChangePreview } from '../use-cases/subscription/preview-plan-change.ts'

export function changeView(outcome: ChangeOutcome): ChangeView {
  return outcome.kind === 'scheduled' ? { ...outcome, at: toIso(outcome.at) } : outcome
}

export function changePreviewView(preview: PlanChangePreview): ChangePreviewView {
  switch (preview.kind) {
    case 'change': {
      const { prorationDate, at, now, next, ...others } = preview
      return {
        ...others,
        at: toIso(at),
        prorationDate: toIso(prorationDate),
        now: now && invoicePreviewView(now),
        next: invoicePreviewView(next),
      }
    }
    case 'end':
      return { ...preview, at: toIso(preview.at) }
    case 'unchanged':
      return preview
    default:
      return preview satisfies never
  }
}
