import * as React from 'react'
import { BillingProvider, type BillingProviderProps } from '../provider/billing-provider.tsx'
import { type MockClientOptions, createMockClient } from './mock-client.ts'

/** Props of {@link BillingMock}. */
export interface BillingMockProps extends Omit<BillingProviderProps, 'client' | 'live' | 'snapshot'>, MockClientOptions {}

/**
 * A provider without a server, for stories and tests: every component below shows what it would show for this snapshot and
 * these answers. What it is given at first stays; give it a `key` to begin anew.
 */
export function BillingMock({ snapshot, answers, server, onRequest, navigate, ...props }: BillingMockProps): React.ReactElement {
  const [client] = React.useState(() =>
    createMockClient({
      ...(snapshot !== undefined && { snapshot }),
      ...(answers && { answers }),
      ...(server && { server }),
      ...(onRequest && { onRequest }),
      ...(navigate && { navigate }),
    }),
  )
  React.useEffect(() => {
    if (server === 'failing') void client.refresh()
  }, [client, server])
  return <BillingProvider {...props} client={client} live={false} />
}
