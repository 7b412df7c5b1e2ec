import { derivePlanLosses } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { ReadingBody } from '../parts/reading-body.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { lossEnglish } from './loss-messages.ts'
import { usePlans } from './use-plans.ts'

/** Props of {@link PlanLosses}. */
export interface PlanLossesProps {
  /** The plan that there would be. */
  readonly plan: string
  /** Of the heading above. */
  readonly level: number
}

/** Of what another plan gives less, feature by feature: what there is, what there would be, and what is used beyond that. */
export function PlanLosses({ plan, level }: PlanLossesProps): React.ReactElement {
  const { format, labelOf } = useBillingContext()
  const words = useMessages(lossEnglish)
  const id = React.useId()
  const plans = usePlans()
  const next = plans.data?.plans.find(({ key }) => key === plan)
  const { data: losses = [] } = useSnapshot((snapshot) => (next ? derivePlanLosses(snapshot, next) : []))
  return (
    <ReadingBody of={plans} lines={2}>
      {losses[0] && (
        <div data-slot="plan-losses">
          {React.createElement(`h${level + 1}`, { id, 'data-quiet': '' }, words.lossesTitle)}
          <dl aria-labelledby={id}>
            {losses.map(({ feature, before, after, over }) => (
              <div key={feature} data-feature={feature}>
                <dt>{labelOf(feature)}</dt>
                <dd>
                  <del>{words.terms(before, format)}</del> <span data-hidden="">{words.lossBecomes}</span> <ins>{words.terms(after, format)}</ins>
                </dd>
                {over !== undefined && <dd data-tone="warn">{words.lossOver(format.number(over))}</dd>}
              </div>
            ))}
          </dl>
        </div>
      )}
    </ReadingBody>
  )
}
