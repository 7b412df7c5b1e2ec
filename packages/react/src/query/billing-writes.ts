import type { BillingClient, Destination, Outcome, PortalRequest, PreviewedChangeRequest } from '@farebox/core/client'
import type { ChangeView, SeatsView, Snapshot } from '@farebox/core/protocol'
import type { Purchase } from '../plans/use-checkout.ts'
import type { PlanWish } from '../plans/use-plan-change.ts'
import type { FeatureName } from '../provider/register.ts'

/** Who shall hold a seat, or shall no longer. */
export interface SeatWish {
  readonly feature: FeatureName
  readonly member: string
}

/** Something that is done, with what it is told. */
export type BillingWrite<Wish, Data> = (wish: Wish) => Promise<Outcome<Data>>

/** When a subscription shall end; with its period unless said otherwise. */
export type CancelWish = Parameters<BillingClient['cancel']>[0]

/** Until when nothing is to be paid; without an end unless said otherwise. */
export type PauseWish = Parameters<BillingClient['pause']>[0]

/** What a customer can do. */
export interface BillingWrites {
  /** Goes to a page of checkout. */
  readonly checkout: BillingWrite<Purchase, Destination>
  /** Goes to the portal. */
  readonly portal: BillingWrite<PortalRequest | void, Destination>
  /**
   * Changes the subscription. With the preview's `prorationDate` it costs what was shown, or is refused with a fault at that path.
   * Goes to the page where something has to be paid or confirmed.
   */
  readonly change: BillingWrite<PlanWish & PreviewedChangeRequest, ChangeView>
  readonly cancel: BillingWrite<CancelWish | void, ChangeView>
  /** Takes back a scheduled end, a scheduled change or a pause. */
  readonly resume: BillingWrite<void, ChangeView>
  readonly pause: BillingWrite<PauseWish | void, ChangeView>
  /** Has the server read Stripe: on return from checkout. */
  readonly converge: BillingWrite<void, Snapshot>
  readonly assignSeat: BillingWrite<SeatWish, SeatsView>
  readonly releaseSeat: BillingWrite<SeatWish, SeatsView>
}

/** What a write under a name is told. */
export type WriteWish<Name extends keyof BillingWrites> = Parameters<BillingWrites[Name]>[0]

/** What a write under a name answers. */
export type WriteData<Name extends keyof BillingWrites> = NonNullable<Awaited<ReturnType<BillingWrites[Name]>>['data']>

/** The writes of a client. None rejects. */
export function createBillingWrites(client: BillingClient): BillingWrites {
  const seat = (method: 'POST' | 'DELETE') => async (wish: SeatWish): Promise<Outcome<SeatsView>> =>
    client.request<SeatsView>(method, '/seats', 'seats', wish)
  return {
    checkout: client.checkout,
    portal: (wish) => client.portal(wish ?? undefined),
    change: client.change,
    cancel: (wish) => client.cancel(wish ?? undefined),
    resume: () => client.resume(),
    pause: (wish) => client.pause(wish ?? undefined),
    async converge() {
      const { data, error } = await client.converge()
      return data && !error ? { status: 'success', data } : { status: 'error', error: error ?? { status: 0 } }
    },
    assignSeat: seat('POST'),
    releaseSeat: seat('DELETE'),
  }
}
