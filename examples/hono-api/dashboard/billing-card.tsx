import { isSubscribed } from '@farebox/core/client'
import { BillingPeriod, PlanBadge, UsageBar, useBilling } from '@farebox/react'
import { useState } from 'react'

/** The plan, what is used of it, and the way to change it. */
export function BillingCard(): React.ReactElement {
  const { data, client } = useBilling()
  const [note, setNote] = useState('')

  async function go(): Promise<void> {
    setNote('')
    const canManage = data !== undefined && isSubscribed(data.status)
    const { error } = await (canManage ? client.portal() : client.checkout({ plan: 'pro', interval: 'month' }))
    setNote(error === undefined ? '' : (error.problem?.title ?? 'The server cannot be reached'))
  }

  return (
    <section className="card" aria-labelledby="plan">
      <div className="row">
        <h1 id="plan">Your plan</h1>
        <PlanBadge />
      </div>
      <UsageBar feature="apiCalls" label="API calls" />
      <div className="row foot">
        <BillingPeriod />
        {data?.canManageBilling && (
          <button type="button" className="secondary" onClick={() => void go()}>
            {isSubscribed(data.status) ? 'Manage billing' : 'Upgrade to Pro'}
          </button>
        )}
      </div>
      <output className="fault">{note}</output>
    </section>
  )
}
