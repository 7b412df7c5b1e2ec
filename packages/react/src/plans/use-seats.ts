import { type Outcome, readResource } from '@farebox/core/client'
import type { SeatsView } from '@farebox/core/protocol'
import { useBillingContext } from '../provider/billing-context.ts'
import type { SeatsName } from '../provider/register.ts'
import { type Action, useAction } from '../provider/use-action.ts'
import { useReading } from '../provider/use-reading.ts'
import type { Reading } from '../provider/use-snapshot.ts'

/** Who holds the seats of each feature, and the ways to give one and to take it back. The server decides whether one is left. */
export type Seats = Reading<SeatsView> & {
  readonly assign: Action<[feature: SeatsName, member: string], SeatsView>
  readonly release: Action<[feature: SeatsName, member: string], SeatsView>
}

/** The seats of every feature that is counted in them. What is answered to a change is seen by all who read them. */
export function useSeats(): Seats {
  const { client } = useBillingContext()
  const ask = (method: 'POST' | 'DELETE') =>
    async (feature: SeatsName, member: string): Promise<Outcome<SeatsView>> => {
      // Of whoever asks: another customer may have come when it is answered.
      const store = readResource<SeatsView>(client, '/seats', 'seats')
      const before = store.getSnapshot()
      const outcome = await client.request<SeatsView>(method, '/seats', 'seats', { feature, member })
      // What came meanwhile may be newer than this answer.
      if (outcome.data) await (store.getSnapshot() === before ? store.take(outcome) : store.renew())
      return outcome
    }
  return { ...useReading<SeatsView>('/seats', 'seats'), assign: useAction(ask('POST')), release: useAction(ask('DELETE')) }
}
