import type { BillingClient, Destination, Outcome, PortalRequest, PreviewedChangeRequest, Resource } from '@farebox/core/client'
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
export type BillingWrite<Wish, Data> = (wish: Wish) => Promise<Outcome<Data> | Resource<Data>>

/** When a subscription shall end; with its period unless said otherwise. */
export type CancelWish = Parameters<BillingClient['cancel']>[0]

/** Until when nothing is to be paid; without an end unless said otherwise. */
export type PauseWish = Parameters<BillingClient['pause']>[0]

/** What a customer can do: what each is told, and what it answers. */
interface WriteKinds {
  /** Goes to a page of checkout. */
  readonly checkout: readonly [Purchase, Destination]
  /** Goes to the portal. */
  readonly portal: readonly [PortalRequest | void, Destination]
  /**
   * Changes the subscription. With the preview's `prorationDate` it costs what was shown, or is refused with a fault at that path.
   * Goes to the page where something has to be paid or confirmed.
   */
  readonly change: readonly [PlanWish & PreviewedChangeRequest, ChangeView]
  readonly cancel: readonly [CancelWish | void, ChangeView]
  /** Takes back a scheduled end, a scheduled change or a pause. */
  readonly resume: readonly [void, ChangeView]
  readonly pause: readonly [PauseWish | void, ChangeView]
  /** Has the server read Stripe: on return from checkout. */
  readonly converge: readonly [void, Snapshot]
  readonly assignSeat: readonly [SeatWish, SeatsView]
  readonly releaseSeat: readonly [SeatWish, SeatsView]
}

/** What a customer can do. */
export type BillingWrites = { readonly [Name in keyof WriteKinds]: BillingWrite<WriteWish<Name>, WriteData<Name>> }

/** What a write under a name is told. */
export type WriteWish<Name extends keyof WriteKinds> = WriteKinds[Name][0]

/** What a write under a name answers. */
export type WriteData<Name extends keyof WriteKinds> = WriteKinds[Name][1]

/** The writes of a client. None rejects. */
export function createBillingWrites(client: BillingClient): BillingWrites {
  const seat = (method: 'POST' | 'DELETE') => (wish: SeatWish): Promise<Outcome<SeatsView>> =>
    client.request<SeatsView>(method, '/seats', 'seats', wish)
  return {
    checkout: client.checkout,
    portal: (wish) => client.portal(wish ?? undefined),
    change: client.change,
    cancel: (wish) => client.cancel(wish ?? undefined),
    resume: client.resume,
    pause: (wish) => client.pause(wish ?? undefined),
    converge: client.converge,
    assignSeat: seat('POST'),
    releaseSeat: seat('DELETE'),
  }
}
