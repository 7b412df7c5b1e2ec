import type { ChangePreviewView, InvoicePreviewView } from '@farebox/core/protocol'
import type { BillingClient } from '@farebox/react'
import { useEffect, useRef, useState } from 'react'
import { day, money } from './format.ts'

/** A change that was asked for, and what Stripe says it comes to. */
export interface PreviewedChange {
  readonly name: string
  readonly request: Parameters<BillingClient['change']>[0]
  readonly preview: ChangePreviewView
}

interface ChangeDialogProps {
  readonly change: PreviewedChange
  readonly client: BillingClient
  /** `fault` is empty where it was made, or left alone. */
  readonly onClose: (fault: string) => void
}

/** Shows what a change costs, line by line as it will stand on the invoice, and makes it when that is agreed to. */
export function ChangeDialog({ change: { name, request, preview }, client, onClose }: ChangeDialogProps): React.ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)
  const [isBusy, setIsBusy] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])

  async function agree(): Promise<void> {
    setIsBusy(true)
    const { error } = await client.change(request)
    onClose(error === undefined ? '' : (error.problem?.title ?? 'The server cannot be reached'))
  }

  return (
    <dialog ref={dialog} className="card" aria-labelledby="change" onClose={() => onClose('')}>
      <h2 id="change">{titleOf(name, preview)}</h2>
      {preview.kind === 'change' && <Costs preview={preview} />}
      {preview.kind === 'end' && <p>What you have paid for stays yours until then. Nothing more is charged.</p>}
      <div className="row">
        <button type="button" className="secondary" onClick={() => dialog.current?.close()}>
          Not now
        </button>
        {preview.kind !== 'unchanged' && (
          <button type="button" className="primary" disabled={isBusy} onClick={() => void agree()}>
            {preview.kind === 'end' ? 'End the subscription' : 'Confirm the change'}
          </button>
        )}
      </div>
    </dialog>
  )
}

function titleOf(name: string, preview: ChangePreviewView): string {
  if (preview.kind === 'unchanged') return `You have ${name} already`
  if (preview.kind === 'end') return `Your plan ends on ${day(preview.at)}`
  return preview.when === 'now' ? `${name} from now on` : `${name} from ${day(preview.at)} on`
}

function Costs({ preview: { now, next } }: { readonly preview: Extract<ChangePreviewView, { kind: 'change' }> }): React.ReactElement {
  return now === null ? <Lines title="Next invoice" invoice={next} /> : <Lines title="Due now" invoice={now} />
}

function Lines({ title, invoice }: { readonly title: string; readonly invoice: InvoicePreviewView }): React.ReactElement {
  const { currency, lines, discount, tax, due } = invoice
  return (
    <table>
      <tbody>
        {lines.map(({ description, amount, periodStart, proration }) => (
          <Line key={`${description} ${amount} ${periodStart} ${proration}`} text={description ?? 'Item'} amount={money(amount, currency)} />
        ))}
        {discount > 0 && <Line text="Discount" amount={money(-discount, currency)} />}
        {tax > 0 && <Line text="Tax" amount={money(tax, currency)} />}
      </tbody>
      <tfoot>
        <Line text={title} amount={money(due, currency)} />
      </tfoot>
    </table>
  )
}

function Line({ text, amount }: { readonly text: string; readonly amount: string }): React.ReactElement {
  return (
    <tr>
      <th scope="row">{text}</th>
      <td>{amount}</td>
    </tr>
  )
}
