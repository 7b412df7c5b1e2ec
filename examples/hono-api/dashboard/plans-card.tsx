import { isSubscribed } from '@farebox/core/client'
import type { PlanPriceView, PlansView, PriceInterval, Snapshot } from '@farebox/core/protocol'
import { useBilling } from '@farebox/react'
import { useEffect, useState } from 'react'
import { ChangeDialog, type PreviewedChange } from './change-dialog.tsx'
import { money } from './format.ts'

/** A plan at one interval; the free plan has neither interval nor price, and choosing it ends the subscription. */
interface Offer {
  readonly plan: string
  readonly name: string
  readonly interval: PriceInterval | null
  readonly price: PlanPriceView | null
}

/** Every plan that is sold. A first one is bought on Stripe's page; every other is a change, which is shown before it is made. */
export function PlansCard(): React.ReactElement | null {
  const { data, client } = useBilling()
  const [offers, setOffers] = useState<readonly Offer[]>([])
  const [previewed, setPreviewed] = useState<PreviewedChange>()
  const [note, setNote] = useState('')

  useEffect(() => {
    const load = async (): Promise<void> => {
      const response = await client.fetch('/api/billing/plans').catch(() => undefined)
      // The shape is the server's own: both sides share its type.
      if (response?.ok === true) setOffers(offersOf((await response.json()) as PlansView))
    }
    void load()
  }, [client])
  if (data === undefined || !data.canManageBilling || offers.length === 0) return null

  async function choose({ plan, name, interval }: Offer, isSubscriber: boolean): Promise<void> {
    setNote('')
    if (!isSubscriber && interval !== null) {
      const { error } = await client.checkout({ plan, interval })
      setNote(error === undefined ? '' : (error.problem?.title ?? 'The server cannot be reached'))
      return
    }
    const request = interval === null ? { plan } : { plan, interval }
    const { data: preview, error } = await client.previewChange(request)
    if (preview !== undefined) setPreviewed({ name, request, preview })
    else setNote(error.problem?.title ?? 'The server cannot be reached')
  }

  const isSubscriber = isSubscribed(data.status)
  return (
    <section className="card" aria-labelledby="plans">
      <h2 id="plans">Plans</h2>
      <ul>
        {offers.map((offer) => (
          <li key={`${offer.plan} ${offer.interval}`} className="row">
            <span>
              <strong>{offer.name}</strong> <span className="quiet">{priceText(offer)}</span>
            </span>
            {isPresent(offer, data, isSubscriber) ? (
              <span className="quiet">Your plan</span>
            ) : (
              <button type="button" className="secondary" aria-label={`Choose ${nameOf(offer)}`} onClick={() => void choose(offer, isSubscriber)}>
                Choose
              </button>
            )}
          </li>
        ))}
      </ul>
      <output className="fault">{note}</output>
      {previewed && (
        <ChangeDialog
          change={previewed}
          client={client}
          onClose={(text) => {
            setPreviewed(undefined)
            setNote(text)
          }}
        />
      )}
    </section>
  )
}

function offersOf({ plans }: PlansView): Offer[] {
  return plans.flatMap(({ key: plan, name, prices, default: isDefault }) => {
    const free: Offer[] = isDefault ? [{ plan, name, interval: null, price: null }] : []
    const sold = (['month', 'year'] as const).flatMap((interval): Offer[] => {
      const price = prices[interval]
      return price === undefined ? [] : [{ plan, name, interval, price }]
    })
    return [...free, ...sold]
  })
}

function isPresent({ plan, interval }: Offer, { plan: present, subscription }: Snapshot, isSubscriber: boolean): boolean {
  return interval === null ? !isSubscriber : isSubscriber && plan === present && interval === subscription?.interval
}

function nameOf({ name, interval }: Offer): string {
  return interval === null ? name : `${name} by the ${interval}`
}

function priceText({ price, interval }: Offer): string {
  return price === null ? 'nothing to pay' : `${money(price.amount, price.currency)} per ${interval}`
}
