import type { BillingError, ChangeRequest, PlanChangePreviewed } from '@farebox/core/client'
import type { ChangeView } from '@farebox/core/protocol'
import * as React from 'react'
import type { CommonMessages } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, type PartContext, createPart, createPartContext, rootPart } from '../parts/create-part.tsx'
import { ErrorState } from '../parts/error-state.tsx'
import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { pressOnce } from '../parts/press-once.ts'
import { type HeadingLevel, readingProps } from '../parts/reading-part.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useBillingContext, useRequired } from '../provider/billing-context.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { type ChangeMessages, changeEnglish } from './change-messages.ts'
import type { PlanLossesProps } from './plan-losses.tsx'
import type { RefusalMessages } from './refusal-messages.ts'
import { refusalText } from './refusal-text.ts'
import { type PlanChange, type PlanWish, useChangeRequest } from './use-plan-change.ts'
import { usePortal } from './use-portal.ts'

/** What the parts of a plan change know. */
export interface PlanChangeState extends Pick<PlanChange, 'preview' | 'isRenewed' | 'change'> {
  readonly planName: string
  readonly plan: string
  /** Of its heading. */
  readonly level: Exclude<HeadingLevel, 6>
  readonly words: CommonMessages & RefusalMessages & ChangeMessages
  readonly format: Format
  /** Whether there is something to confirm that has not been. */
  readonly isOpen: boolean
  /** Makes the change. */
  readonly confirm: () => void
  readonly back: (() => void) | undefined
  /** Where a payment is made that has no page of its own. */
  readonly portal: ReturnType<typeof usePortal>
}

/** Props of {@link PlanChangePreview}. */
export type PlanChangePreviewProps = ChangePreviewProps & PlanWish

type ChangePreviewProps = PartProps<PlanChangeState> & ChangeRequest & {
  /** Of its heading, below which is one of what becomes less; 3 unless said otherwise. */
  readonly level?: Exclude<HeadingLevel, 6> | undefined
  /** Is told what became of the change, once it is made or scheduled. */
  readonly onDone?: ((change: ChangeView) => void) | undefined
  /** Leaves everything as it is; without it there is no button for that. */
  readonly onBack?: (() => void) | undefined
}

const Context: PartContext<PlanChangeState> = /* @__PURE__ */ createPartContext<PlanChangeState>()

function Root(props: ChangePreviewProps): React.ReactElement {
  const { plan, interval, quantity, promotionCode, level = 3, onDone, onBack: back, ...rest } = props
  const { format } = useBillingContext()
  const words = useMessages(changeEnglish)
  const { data: name } = useSnapshot(({ plans }) => plans[plan]?.name)
  const wish = { plan, interval, quantity, promotionCode }
  const request = useChangeRequest(wish)
  const { preview, change } = request
  const portal = usePortal()
  const { data } = preview
  const isOpen = data !== undefined && data.kind !== 'unchanged' && !change.data
  async function confirm(): Promise<void> {
    if (!isOpen) return
    const prorationDate = data.kind === 'change' ? data.prorationDate : undefined
    const outcome = await change.run({ ...wish, prorationDate })
    if (isTooOld(outcome?.error)) preview.refetch()
    if (outcome?.data && outcome.data.kind !== 'action-required') onDone?.(outcome.data)
  }
  const state = { ...request, plan, level, planName: name ?? plan, words, format, isOpen, confirm: () => void confirm(), back, portal }
  const own = { ...readingProps(preview), 'data-slot': 'plan-change-preview', 'data-plan': plan }
  return rootPart(Context, 'div', rest, own, state)
}

/** Whether what was shown is too old to be what a change costs. */
function isTooOld(error: BillingError | undefined): boolean | undefined {
  return error?.problem?.faults?.some(({ path }) => path === 'prorationDate')
}

function Title(props: PartProps<PlanChangeState, 'h3'>): React.ReactElement {
  const state = useRequired(Context)
  const { level, words, planName } = state
  return part(`h${level}`, props, { 'data-slot': 'plan-change-title', 'data-title': '', children: words.changeTitle(planName) }, state)
}

const Lines: Part<PlanChangeState> = /* @__PURE__ */ createPart(Context, 'plan-change-lines', 'div', ({ preview, words, format }) => {
  const { data, error } = preview
  if (!data && !error) return { children: <Skeleton lines={6} /> }
  // What is wrong with the wish stays so, however often it is asked.
  if (!data) return { children: <ErrorState of={preview}>{error.problem?.faults && refusalText(error, words)}</ErrorState> }
  const rows = data.kind === 'change' && <dl>{rowsOf(data, words, format)}</dl>
  return { children: <><p data-quiet="">{words.changeWhen(data, format)}</p>{rows}</> }
})

function rowsOf(
  { lines, currency, discount, tax, due, next }: Extract<PlanChangePreviewed, { kind: 'change' }>,
  words: ChangeMessages,
  { money }: Format,
): React.ReactNode {
  const row = (key: string | number, name: string, amount: number, isTotal?: boolean) => (
    <div key={key} data-row="" data-title={isTotal ? '' : undefined}>
      <dt>{name}</dt>
      <dd data-numbers="">{money({ amount, currency })}</dd>
    </div>
  )
  return [
    // Lines come in the order of the invoice, which has no other name for them.
    ...lines.map((line, index) => row(index, line.description ?? '', line.amount)),
    discount > 0 && row('discount', words.discount, -discount),
    tax > 0 && row('tax', words.tax, tax),
    due && row('due', due.amount < 0 ? words.credited : words.dueNow, Math.abs(due.amount), true),
    row('next', words.nextInvoice, next.amount, !due),
  ]
}

const LossContent: OnDemand<PlanLossesProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./plan-losses.tsx')).PlanLosses, () => <Skeleton lines={2} />,
)

/** What becomes less, shown by `Content`; nothing where nothing does. It is read while the preview is. */
export function lossesPart(Content: React.ComponentType<PlanLossesProps>): Part<PlanChangeState> {
  return createPart(Context, 'plan-change-losses', 'div', ({ preview: { data }, plan, level }) => ({
    hidden: !data || data.kind === 'unchanged', children: <Content {...{ plan, level }} />,
  }))
}

const Losses: Part<PlanChangeState> = /* @__PURE__ */ lossesPart(LossContent)

const Confirm: Part<PlanChangeState, 'button'> = /* @__PURE__ */ createPart(Context, 'plan-change-confirm', 'button', (state) => {
  const { preview: { data }, change, words, format, isOpen, confirm } = state
  const due = data?.kind === 'change' && data.due
  return {
    ...pressOnce(confirm, change.status === 'pending', !isOpen),
    'data-button': 'primary',
    children: words.confirmChange(due && due.amount > 0 ? format.money(due) : undefined),
  }
})

const Back: Part<PlanChangeState, 'button'> = /* @__PURE__ */ createPart(Context, 'plan-change-back', 'button', ({ words, back }) => ({
  type: 'button', 'data-button': '', onClick: back, hidden: !back, children: words.back,
}))

const Outcome: Part<PlanChangeState> = /* @__PURE__ */ createPart(Context, 'plan-change-outcome', 'div', (state) => {
  const { preview, isRenewed, isOpen, change: { data, error: refused }, portal, words, planName, format } = state
  const isOld = isTooOld(refused) ?? (isRenewed && isOpen)
  const error = isOld ? preview.error : (refused ?? portal.error)
  return {
    role: 'status',
    'data-tone': error ? 'critical' : isOld || data?.kind === 'action-required' ? 'warn' : undefined,
    children: error ? refusalText(error, words) : isOld ? words.previewRenewed : data && words.changeDone(data, planName, format),
  }
})

/** Where an open payment is made: Stripe's page, else the portal. */
function Pay(): React.ReactElement | null {
  const { change: { data }, portal, words: { payOrConfirm } } = useRequired(Context)
  if (data?.kind !== 'action-required') return null
  if (data.url !== null) return <a data-button="primary" href={data.url}>{payOrConfirm}</a>
  return <button data-button="primary" {...pressOnce(portal.run, portal.status === 'pending')}>{payOrConfirm}</button>
}

/** The same for a plan that the server named. Where its own code comes late, what becomes less comes along with it. */
export function ChangePreview({ losses, ...props }: ChangePreviewProps & { readonly losses: React.ReactNode }): React.ReactElement {
  return (
    <Root {...props}>
      <Title />
      <Lines />
      {losses}
      <Outcome />
      <div data-slot="actions">
        <Pay />
        <Confirm />
        <Back />
      </div>
    </Root>
  )
}

/**
 * What a change of the plan would cost, line by line as the payment service says, what becomes less with it, and the buttons that
 * make it or leave everything as it is. Nothing is added up in the browser, and what is confirmed costs what was shown.
 */
export const PlanChangePreview: ((props: PlanChangePreviewProps) => React.ReactElement) & {
  readonly Root: (props: PlanChangePreviewProps) => React.ReactElement
  readonly Title: typeof Title
  readonly Lines: typeof Lines
  readonly Losses: typeof Losses
  readonly Outcome: typeof Outcome
  readonly Confirm: typeof Confirm
  readonly Back: typeof Back
} = /* @__PURE__ */ Object.assign(
  (props: PlanChangePreviewProps) => <ChangePreview {...props} losses={<Losses />} />, { Root, Title, Lines, Losses, Outcome, Confirm, Back },
)
