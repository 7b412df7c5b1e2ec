import type { Resource } from '@farebox/core/client'
import * as React from 'react'
import { type OnDemand, onDemand } from './on-demand.tsx'

const isServer = typeof document === 'undefined'

/** What a browser begins with where a server has made the page: nobody knows yet what of it. */
const served: Resource<never> = { status: 'pending' }
const asServed = { suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: '' } }

/**
 * As {@link onDemand}, for what a page is to have from the start: a server has the code before it is asked, and sends what it shows.
 * That stays as it is until the browser has the code as well, and so does the focus.
 */
export function servedOnDemand<Props extends object>(...of: Parameters<typeof onDemand<Props>>): OnDemand<Props> {
  const Demanded = onDemand<Props>(...of)
  const { code, near } = Demanded
  if (isServer) void code.refresh()
  const onServer = (): Resource<React.ComponentType<Props>> => (isServer ? code.getSnapshot() : served)

  function Served(props: Props): React.ReactElement {
    const resource = React.useSyncExternalStore<Resource<React.ComponentType<Props>>>(code.subscribe, code.getSnapshot, onServer)
    const [isKept] = React.useState(resource === served)
    const place = React.useRef<HTMLDivElement>(null)
    const focused = React.useRef(-1)
    React.useEffect(() => near.onFocus(), [])
    React.useEffect(() => code.subscribe(() => {
      focused.current = focusableIn(place.current).findIndex((element) => element === document.activeElement)
    }), [])
    React.useEffect(() => {
      if (resource.data) focusableIn(place.current)[focused.current]?.focus()
    }, [resource.data])
    const content = isKept && resource.status === 'pending'
      ? asServed
      : { children: isServer && resource.data ? <resource.data {...props} /> : <Demanded {...props} /> }
    return <div ref={place} data-farebox="" data-slot="on-demand" {...content} />
  }
  return Object.assign(Served, { code, near })
}

/** What stands in the place of another has the focus where the other had it. */
function focusableIn(place: HTMLElement | null): readonly HTMLElement[] {
  return [...(place?.querySelectorAll<HTMLElement>('a, button, input, select, summary, [tabindex]') ?? [])]
}
