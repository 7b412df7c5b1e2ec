import type { Upgrade } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { upgradeEnglish } from './upgrade-messages.ts'
import { type UpgradeSource, useUpgradePrompt } from './use-upgrade-prompt.ts'

/** Props of {@link UpgradePrompt}. */
export type UpgradePromptProps = PartProps<Upgrade> &
  UpgradeSource & {
    /** What people call the feature; its name in the catalog unless said otherwise. */
    readonly label?: string
    /** Where checkout returns to; the server allows its own origins only. */
    readonly successUrl?: string
    readonly cancelUrl?: string
  }

/**
 * What lifts the limit, and the button that starts it. Nothing where no plan would help. The server names the plan; a
 * customer who already subscribes is sent to the portal instead of a second checkout.
 */
export function UpgradePrompt(props: UpgradePromptProps): React.ReactElement | null {
  const { problem, feature, label, successUrl, cancelUrl, ...rest } = props
  const { client, format, labelOf } = useBillingContext()
  const messages = useMessages(upgradeEnglish)
  const upgrade = useUpgradePrompt({ problem, feature })
  const [note, setNote] = React.useState('')
  if (!upgrade) return null

  const { action, plan = '', interval } = upgrade
  const words = messages.upgrade(upgrade, label ?? labelOf(upgrade.feature ?? ''), format)
  const start = async (): Promise<void> => {
    setNote(messages.loading)
    const { error } = await (action === 'checkout' ? client.checkout({ plan, interval, successUrl, cancelUrl }) : client.portal())
    setNote(error ? messages.failed : '')
  }
  const children = [
    <div key="title" data-slot="upgrade-prompt-title" data-title="">{words.title}</div>,
    <div key="text" data-slot="upgrade-prompt-text" data-quiet="">{words.text}</div>,
    (action === 'checkout' || action === 'portal') && (
      <button key="action" type="button" data-slot="upgrade-prompt-action" data-button="primary" onClick={() => void start()}>
        {words.action}
      </button>
    ),
    <output key="note" data-slot="upgrade-prompt-text" data-quiet="">{note}</output>,
  ]
  return part('div', rest, { role: problem && 'alert', 'data-farebox': '', 'data-surface': '', 'data-slot': 'upgrade-prompt', 'data-plan': plan, children }, upgrade)
}
