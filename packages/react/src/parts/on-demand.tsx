import { type Outcome, type Resource, type ResourceStore, createResourceStore } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { ErrorState } from './error-state.tsx'
import { onDemandEnglish } from './on-demand-messages.ts'

/** A component whose code comes when it is first shown. */
export interface OnDemand<Props> {
  (props: Props): React.ReactElement
  /** What has come of the code. */
  readonly code: ResourceStore<React.ComponentType<Props>>
  /** For the element that leads to it: has the code come as soon as the pointer or the focus does. */
  readonly near: { readonly onPointerEnter: () => void; readonly onFocus: () => void }
}

/**
 * A component whose code is loaded when it is first shown, once for all who show it. Where it cannot be loaded, this is said, with
 * a way to try again. Code that a newer version of the app has replaced comes with a new page alone: where another try fails as
 * well, that is offered, and left to people, who may have a form open.
 *
 * @param loading what keeps its room until it is there.
 */
export function onDemand<Props extends object>(
  load: () => Promise<React.ComponentType<Props>>,
  loading: (props: Props) => React.ReactElement,
): OnDemand<Props> {
  let failures = 0
  const code = createResourceStore<React.ComponentType<Props>>(() =>
    load().then(
      (data): Outcome<React.ComponentType<Props>> => ({ status: 'success', data }),
      () => {
        failures += 1
        return { status: 'error', error: { status: 0 } }
      },
    ),
  )
  const initial = code.getSnapshot()
  const fetch = (): void => {
    if (!code.getSnapshot().data) void code.refresh()
  }

  function Demanded(props: Props): React.ReactElement {
    const resource = React.useSyncExternalStore<Resource<React.ComponentType<Props>>>(code.subscribe, code.getSnapshot, () => initial)
    const { reload } = useMessages(onDemandEnglish)
    React.useEffect(fetch, [])
    function refetch(): unknown {
      // The button goes with what failed, and the focus is not to leave the dialog with it.
      document.activeElement?.closest('dialog')?.focus()
      return code.refresh()
    }
    if (resource.data) return <resource.data {...props} />
    return (
      <>
        {resource.error ? <ErrorState of={{ ...resource, refetch }} /> : loading(props)}
        {failures > 1 && navigator.onLine && <button type="button" data-slot="retry" onClick={() => location.reload()}>{reload}</button>}
      </>
    )
  }
  return Object.assign(Demanded, { code, near: { onPointerEnter: fetch, onFocus: fetch } })
}
