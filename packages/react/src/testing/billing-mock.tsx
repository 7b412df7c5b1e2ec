import * as React from 'react'
import { BillingProvider, type BillingProviderProps } from '../provider/billing-provider.tsx'
import { type MockClientOptions, createMockClient } from './mock-client.ts'

/** Props of {@link BillingMock}. */
export interface BillingMockProps extends Omit<BillingProviderProps, 'client' | 'live' | 'snapshot'>, MockClientOptions {}

/**
 * What every {@link BillingMock} below has unless it says otherwise: a language for all stories, say.
 *
 * `<BillingMockDefaults.Provider value={{ locale: 'de' }}>`
 */
export const BillingMockDefaults: React.Context<Omit<BillingMockProps, 'children'>> = React.createContext({})

/**
 * A provider without a server, for stories and tests: every component below shows what it would show for this snapshot and
 * these answers. What it is given at first stays; give it a `key` to begin anew.
 */
export function BillingMock(given: BillingMockProps): React.ReactElement {
  const { snapshot, answers, server, onRequest, navigate, ...props } = { ...React.useContext(BillingMockDefaults), ...given }
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
