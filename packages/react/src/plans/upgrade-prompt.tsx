import type { Upgrade } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, type PartContext, createPart, createPartContext } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { useFocusReturn } from '../parts/use-focus-return.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import { Modal } from './modal.tsx'
import { ChangeContent } from './plan-dialogs.tsx'
import { refusalText } from './refusal-text.ts'
import { type UpgradeText, upgradeEnglish } from './upgrade-messages.ts'
import { type UpgradeSource, useUpgradePrompt } from './use-upgrade-prompt.ts'

/** Where a prompt stands: a card in the page, a line across it, a modal dialog, or a note over the page's end. */
export type UpgradeForm = 'inline' | 'banner' | 'dialog' | 'toast'

/** What the parts of an upgrade prompt know. */
export interface UpgradePromptState {
  readonly upgrade: Upgrade
  readonly text: UpgradeText
  readonly form: UpgradeForm
  /** Goes to checkout or to the portal, or asks before it changes the plan; `undefined` where there is nothing to go to. */
  readonly start: (() => void) | undefined
  readonly isPending: boolean
  /** How the last attempt to start goes or went, in words. */
  readonly note: string
  readonly dismissText: string
  /** Takes the prompt away until something else is refused. */
  readonly dismiss: () => void
}

/** Props of {@link UpgradePrompt}. */
export type UpgradePromptProps = PartProps<UpgradePromptState> &
  UpgradeSource & {
    /** `inline` unless said otherwise. */
    readonly form?: UpgradeForm | undefined
    /** What people call the feature; the provider's label, or its name in the catalog, unless said otherwise. */
    readonly label?: string | undefined
    /** Where checkout returns to when it is paid; the server allows its own origins only. */
    readonly successUrl?: string | undefined
    /** Where one returns to who leaves the checkout. */
    readonly cancelUrl?: string | undefined
    /** Is told when the prompt was taken away. */
    readonly onDismiss?: (() => void) | undefined
  }

const Context: PartContext<UpgradePromptState> = /* @__PURE__ */ createPartContext<UpgradePromptState>()

function Root(props: UpgradePromptProps): React.ReactElement {
  const { problem, feature, label, form = 'inline', successUrl, cancelUrl, onDismiss, ...rest } = props
  const { client, format, labelOf } = useBillingContext()
  const messages = useMessages(upgradeEnglish)
  const upgrade = useUpgradePrompt({ problem, feature })
  const [dismissed, setDismissed] = React.useState<UpgradeSource['problem'] | UpgradeSource['feature']>()
  const { action, plan = '', planName = '', interval = 'month' } = { ...upgrade }
  // What is asked for is called off with the prompt, and what became of it is not told by the next.
  const [leaving, setLeaving] = React.useState(() => new AbortController())
  const { signal } = leaving
  const begin = useAction(() => (action === 'checkout' ? client.checkout({ plan, interval, successUrl, cancelUrl }, signal) : client.portal({}, signal)), leaving)
  const isPending = begin.status === 'pending'
  const [isAsked, ask] = React.useState(false)
  const isNeeded = upgrade !== undefined
  if (!isNeeded && dismissed !== undefined) setDismissed(undefined)
  if (!isNeeded && isAsked) ask(false)
  const source = problem ?? feature
  const isShown = isNeeded && dismissed !== source
  const back = (): void => ask(false)
  const dismiss = (): void => {
    back()
    if (!isShown) return
    leaving.abort()
    setLeaving(new AbortController())
    setDismissed(source)
    onDismiss?.()
  }

  const state: UpgradePromptState | undefined = upgrade && {
    upgrade, form, dismiss, isPending,
    text: messages.upgrade(upgrade, label ?? labelOf(upgrade.feature ?? ''), format),
    start: action === 'change' ? () => ask(true) : action === 'checkout' || action === 'portal' ? () => void begin.run() : undefined,
    note: isPending ? messages.loading : begin.error ? refusalText(begin.error, messages) : '',
    dismissText: messages.dismiss,
  }
  const isDialog = form === 'dialog'
  const own = {
    role: problem && !isDialog ? 'alert' : undefined,
    onFocusCapture: useFocusReturn(isShown),
    ...(action === 'change' && ChangeContent.near),
    'data-farebox': '', 'data-surface': isDialog ? undefined : '', 'data-slot': 'upgrade-prompt', 'data-form': form, 'data-plan': plan,
  }
  const element = isShown && state && part('div', rest, own, state)
  // Left out, the interval stays as it is; a plan that is bought by year is not sold by month.
  const preview = isAsked && <ChangeContent {...{ plan, planName }} interval={interval === 'year' ? interval : undefined} onDone={dismiss} onBack={back} />
  return (
    <Context.Provider value={state}>
      {!isDialog && element}
      {/* There before there is something to say: only a dialog that closes gives the focus back. */}
      {(isDialog || isNeeded) && (
        <Modal isOpen={isDialog ? isShown : isAsked} label={state?.text[isAsked ? 'action' : 'title'] ?? ''} onClose={isDialog ? dismiss : back}>
          {preview || element}
        </Modal>
      )}
    </Context.Provider>
  )
}

const Title: Part<UpgradePromptState> = /* @__PURE__ */ createPart(Context, 'upgrade-prompt-title', 'div', ({ text }) => ({
  'data-title': '', children: text.title,
}))

const Text: Part<UpgradePromptState> = /* @__PURE__ */ createPart(Context, 'upgrade-prompt-text', 'div', ({ text }) => ({
  'data-quiet': '', children: text.text,
}))

const Action: Part<UpgradePromptState, 'button'> = /* @__PURE__ */ createPart(
  Context, 'upgrade-prompt-action', 'button', ({ text, start, isPending }) => ({
    type: 'button', 'data-button': 'primary', hidden: !start, 'aria-busy': isPending || undefined, 'aria-disabled': isPending || undefined,
    // A double click is one, however soon the answer is there.
    onClick: (event?: React.MouseEvent) => Number(event?.detail) > 1 || start?.(), children: text.action,
  }),
)

const Dismiss: Part<UpgradePromptState, 'button'> = /* @__PURE__ */ createPart(
  Context, 'upgrade-prompt-dismiss', 'button', ({ dismiss, dismissText }) => ({
    type: 'button', 'data-button': '', onClick: dismiss, children: dismissText,
  }),
)

const Note: Part<UpgradePromptState, 'output'> = /* @__PURE__ */ createPart(Context, 'upgrade-prompt-text', 'output', ({ note }) => ({
  'data-quiet': '', children: note,
}))

function UpgradePromptWhole(props: UpgradePromptProps): React.ReactElement {
  return (
    <Root {...props}>
      <Title />
      <Text />
      <div data-slot="actions">
        <Action />
        {(props.form ?? 'inline') !== 'inline' && <Dismiss />}
      </div>
      <Note />
    </Root>
  )
}

/**
 * What lifts the limit, and the button that starts it, in the page or over it. Nothing where no plan would help, and never
 * for a burst. The server names the plan; a customer who already subscribes sees what the change comes to before it is made.
 */
export const UpgradePrompt: typeof UpgradePromptWhole & {
  readonly Root: typeof Root
  readonly Title: typeof Title
  readonly Text: typeof Text
  readonly Action: typeof Action
  readonly Dismiss: typeof Dismiss
  readonly Note: typeof Note
} = /* @__PURE__ */ Object.assign(UpgradePromptWhole, { Root, Title, Text, Action, Dismiss, Note })
