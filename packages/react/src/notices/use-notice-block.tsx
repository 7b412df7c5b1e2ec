import type { NoticeShown } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { useFocusReturn } from '../parts/use-focus-return.ts'
import { actionButton } from '../plans/action-button.tsx'
import { useResume } from '../plans/use-resume.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import { noticeEnglish } from './notice-messages.ts'
import { useNotices } from './use-notices.ts'

/** A notice as an element. Tells people who listen of one that becomes critical while they are there. */
export function useNoticeBlock(
  props: PartProps<NoticeShown>,
  slot: string,
  choose: (notices: readonly NoticeShown[]) => NoticeShown | undefined,
): React.ReactElement | null {
  const { client, format, announce } = useBillingContext()
  const messages = useMessages(noticeEnglish)
  const resume = useResume()
  const { data } = useNotices()
  const shown = data && choose(data)
  const words = shown && messages.notice(shown, format)
  const isCritical = shown?.tone === 'critical'
  const spoken = data && (isCritical ? words?.title : '')
  const last = React.useRef(spoken)
  React.useEffect(() => {
    if (spoken && last.current !== undefined && last.current !== spoken) announce(spoken)
    last.current = spoken
  }, [spoken, announce])
  const act = useAction<[], object>(() => (shown?.action === 'resume' ? resume() : client.portal()))
  const onFocusCapture = useFocusReturn(shown?.notice.kind)
  if (!shown || !words) return null

  const { tone, action, url } = shown
  const button: object = { 'data-button': isCritical ? 'primary' : '' }
  const children = [
    <div key="words">
      <div data-slot="notice-title" data-title="">
        <span data-hidden="">{`${messages.noticeTone(tone)}: `}</span>
        {words.title}
      </div>
      {words.text && <div data-slot="notice-text">{words.text}</div>}
      {action === 'ask' && <div data-quiet="">{messages.askManager}</div>}
    </div>,
    action === 'pay' && <a key="pay" href={url} data-slot="notice-action" {...button}>{words.action}</a>,
    (action === 'portal' || action === 'resume') && (
      <div key={action}>{actionButton(button, 'notice-action', { of: act, run: act.run, text: words.action })}</div>
    ),
  ]
  const own = { 'data-slot': slot, 'data-notice': shown.notice.kind, 'data-tone': tone, onFocusCapture, children }
  return part('div', props, { 'data-farebox': '', 'data-surface': '', 'data-row': '', ...own }, shown)
}
