import { type Outcome, type Resource, createResourceStore } from '@farebox/core/client'
import * as React from 'react'
import { ReadingBody } from './reading-body.tsx'
import { readingProps } from './reading-part.tsx'

/** A component whose code comes when it is first shown. */
export interface OnDemand<Props> {
  (props: Props): React.ReactElement
  /** For the element that leads to it: has the code come as soon as the pointer or the focus does. */
  readonly near: { readonly onPointerEnter: () => void; readonly onFocus: () => void }
}

/** What was loaded. */
interface Loaded<Props> {
  readonly Content: React.ComponentType<Props>
}

const pending: Resource<never> = { status: 'pending' }

/**
 * A component whose code is loaded when it is first shown, once for all who show it. Where it cannot be loaded, this is said, with
 * a way to try again. Code that a newer version of the app has replaced comes with the page alone: where another try fails as
 * well, the page is loaded anew.
 *
 * @param loading what keeps its room until it is there.
 */
export function onDemand<Props extends object>(
  load: () => Promise<React.ComponentType<Props>>,
  loading: (props: Props) => React.ReactElement,
): OnDemand<Props> {
  const store = createResourceStore<Loaded<Props>>(() =>
    load().then(
      (Content): Outcome<Loaded<Props>> => ({ status: 'success', data: { Content } }),
      () => ({ status: 'error', error: { status: 0 } }),
    ),
  )
  const fetch = (): void => {
    if (!store.getSnapshot().data) void store.refresh()
  }

  function Demanded(props: Props): React.ReactElement {
    const resource = React.useSyncExternalStore<Resource<Loaded<Props>>>(store.subscribe, store.getSnapshot, () => pending)
    React.useEffect(fetch, [])
    async function retry(): Promise<void> {
      // The button goes with what failed, and the focus is not to leave the dialog with it.
      document.activeElement?.closest('dialog')?.focus()
      const { error } = await store.refresh()
      if (error && navigator.onLine) location.reload()
    }
    if (resource.data) return <resource.data.Content {...props} />
    const reading = { ...resource, refetch: () => void retry() }
    return <div {...readingProps(reading)}><ReadingBody of={reading} loading={loading(props)} /></div>
  }
  return Object.assign(Demanded, { near: { onPointerEnter: fetch, onFocus: fetch } })
}
