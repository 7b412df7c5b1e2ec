import { type Outcome, type Resource, createResourceStore } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { onDemandEnglish } from './on-demand-messages.ts'
import { ReadingBody } from './reading-body.tsx'

/** A component whose code comes when it is first shown. */
export interface OnDemand<Props> {
  (props: Props): React.ReactElement
  /** Has the code come before it is shown. */
  readonly prepare: () => void
  /** The same for the element that leads to it: as soon as the pointer or the focus is near. */
  readonly near: { readonly onPointerEnter: () => void; readonly onFocus: () => void }
}

const isServer = typeof document === 'undefined'

/** What a browser begins with where a server has made the page: nobody knows yet what of it. */
const served: Resource<never> = { status: 'pending' }
const asServed = { suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: '' } }

/** What stands in the place of another has the focus where the other had it. */
function focusableIn(place: HTMLElement | null): readonly HTMLElement[] {
  return [...(place?.querySelectorAll<HTMLElement>('a, button, input, select, summary, [tabindex]') ?? [])]
}

/**
 * A component whose code is loaded when it is first shown, once for all who show it. A server has it from the start and sends what
 * it shows, which stays as it is until the browser has the code as well. Where it cannot be loaded, this is said, with a way to try
 * again. Code that a newer version of the app has replaced comes with a new page alone: where another try fails as well, that is
 * offered, and left to people, who may have a form open.
 *
 * @param loading what keeps its room until it is there.
 */
export function onDemand<Props extends object>(
  load: () => Promise<React.ComponentType<Props>>,
  loading: (props: Props) => React.ReactElement,
): OnDemand<Props> {
  let failures = 0
  const store = createResourceStore<React.ComponentType<Props>>(() =>
    load().then(
      (data): Outcome<React.ComponentType<Props>> => ({ status: 'success', data }),
      () => {
        failures += 1
        return { status: 'error', error: { status: 0 } }
      },
    ),
  )
  const fetch = (): void => {
    if (!store.getSnapshot().data) void store.refresh()
  }
  if (isServer) fetch()

  function Demanded(props: Props): React.ReactElement {
    const resource = React.useSyncExternalStore<Resource<React.ComponentType<Props>>>(
      store.subscribe, store.getSnapshot, () => (isServer && store.getSnapshot().data ? store.getSnapshot() : served),
    )
    const [isServed] = React.useState(!isServer && resource === served)
    const place = React.useRef<HTMLDivElement>(null)
    const focused = React.useRef(-1)
    React.useLayoutEffect(() => store.subscribe(() => {
      focused.current = focusableIn(place.current).findIndex((element) => element === document.activeElement)
    }), [])
    React.useLayoutEffect(() => {
      if (resource.data) focusableIn(place.current)[focused.current]?.focus()
    }, [resource.data])
    const { reload } = useMessages(onDemandEnglish)
    React.useEffect(fetch, [])
    function refetch(): void {
      // The button goes with what failed, and the focus is not to leave the dialog with it.
      document.activeElement?.closest('dialog')?.focus()
      void store.refresh()
    }
    const children = resource.data ? <resource.data {...props} /> : (
      <>
        <ReadingBody of={{ ...resource, refetch }} loading={loading(props)} />
        {failures > 1 && navigator.onLine && <button type="button" data-slot="retry" onClick={() => location.reload()}>{reload}</button>}
      </>
    )
    const content = isServed && resource.status === 'pending' ? asServed : { children }
    return <div ref={place} data-farebox="" data-slot="on-demand" {...content} />
  }
  return Object.assign(Demanded, { prepare: fetch, near: { onPointerEnter: fetch, onFocus: fetch } })
}
