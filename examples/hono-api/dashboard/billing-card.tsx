import { BillingPeriod, PlanBadge, UsageBar, useBilling } from '@farebox/react'

/** The plan, what is used of it, and the way to change it. */
export function BillingCard(): React.ReactElement {
  const { data, client } = useBilling()
  const isSubscribed = data !== undefined && data.subscription !== null
  return (
    <section className="card" aria-labelledby="plan">
      <div className="row">
        <h1 id="plan">Your plan</h1>
        <PlanBadge />
      </div>
      <UsageBar feature="apiCalls" label="API calls" />
      <div className="row foot">
        <BillingPeriod />
        {isSubscribed ? (
          <button type="button" className="secondary" onClick={() => void client.portal()}>
            Manage billing
          </button>
        ) : (
          <button type="button" className="secondary" onClick={() => void client.checkout({ plan: 'pro', interval: 'month' })}>
            Upgrade to Pro
          </button>
        )}
      </div>
    </section>
  )
}
