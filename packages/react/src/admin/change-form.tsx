import type { Outcome } from '@farebox/core/client'
import type { AdminCustomerView } from '@farebox/core/protocol'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'
import { adminRefusal } from './admin-error.tsx'
import type { AdminChange } from './admin-messages.ts'
import { FaultsContext, Field, fieldOf } from './field.tsx'
import { useAdminActions } from './use-admin-actions.ts'

/** A change that is asked for: of a customer, or of what a key names. */
export interface ChangeInHand {
  readonly change: AdminChange
  /** What people call whom or what it changes. */
  readonly name: string
  /** The key of what is to end; what is given gets a new one. */
  readonly of?: string | null
}

interface ChangeFormProps extends ChangeInHand {
  readonly view: AdminCustomerView
  /** Is told what was done; `undefined` where nothing was. */
  readonly onClose: (done?: string) => void
}

/**
 * The form of a change. The key is made once, with the form, so that sending it again after a failure is the same change;
 * Cancel leaves everything as it is.
 */
export function ChangeForm({ view, change, name, of, onClose }: ChangeFormProps): React.ReactElement {
  const words = useAdminWords()
  const { announce } = useBillingContext()
  const root = React.useRef<HTMLFormElement>(null)
  const isHere = React.useRef(false)
  const [key] = React.useState(() => of ?? crypto.randomUUID())
  const actions = useAdminActions(view.snapshot.customer)
  const [isEnded, setIsEnded] = React.useState(false)
  const { error, status } = { grant: actions.grant, override: actions.override, 'void-grant': actions.voidGrant, 'end-override': actions.endOverride }[change]
  const isEnd = change === 'void-grant' || change === 'end-override'
  const text = words.change(change, name)
  const faults = error?.problem?.faults ?? []
  const ownWords: Readonly<Record<string, string | undefined>> = words.fieldFaults

  React.useEffect(() => {
    // Whoever left while it was under way may have another form before them by now.
    isHere.current = true
    return () => void (isHere.current = false)
  }, [])
  React.useEffect(() => {
    if (error) root.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [error])

  function send(form: HTMLFormElement): Promise<Outcome<AdminCustomerView> | undefined> {
    const given = (field: string): string => fieldOf(form, field)
    const end = given('expiresAt') || given('until')
    const ends = end ? `${end}T00:00:00.000Z` : null
    const request = { key: isEnd ? key : given('key'), reason: given('reason') || undefined }
    switch (change) {
      case 'grant': return actions.grant.run({ ...request, feature: given('feature'), amount: Number(given('amount')), expiresAt: ends })
      case 'override': return actions.override.run({ ...request, plan: given('plan'), until: ends })
      case 'void-grant': return actions.voidGrant.run(request)
      case 'end-override': return actions.endOverride.run(request)
      default: return change satisfies never
    }
  }

  async function submit(event: React.FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const given = fieldOf(event.currentTarget, 'key')
    const outcome = await send(event.currentTarget)
    if (!outcome?.data) return
    const ended = !isEnd && hasEnded(outcome.data, change, given)
    const told = ended ? words.keyEnded : text.done
    setIsEnded(ended)
    if (!isHere.current) announce(told)
    else if (!ended) onClose(told)
  }

  return (
    <form ref={root} data-slot="admin-form" onSubmit={(event) => void submit(event)}>
      <h2 data-title="">{text.title}</h2>
      {text.text && <p data-quiet="">{text.text}</p>}
      <FaultsContext.Provider value={Object.fromEntries(faults.map(({ path, message }) => [path, ownWords[path] ?? message]))}>
        <ChangeFields change={change} view={view} />
        <Field name="reason" label={words.fieldReason} hint={words.reasonHint} maxLength={500} autoComplete="off" />
        {!isEnd && <Field name="key" label={words.fieldKey} hint={words.keyHint} defaultValue={key} required maxLength={255} autoComplete="off" />}
      </FaultsContext.Provider>
      {(error || isEnded) && <p role="alert" data-slot="admin-fault">{error ? adminRefusal(error, words) : words.keyEnded}</p>}
      <div data-row="">
        <button type="button" data-button="" onClick={() => onClose()}>{words.cancel}</button>
        <button type="submit" data-button={isEnd ? 'critical' : 'primary'} aria-disabled={status === 'pending' || undefined}>
          {status === 'pending' ? words.loading : text.action}
        </button>
      </div>
    </form>
  )
}

/** Whether a key that was given again stands for what has ended: the server then answers with that, and gives nothing. */
function hasEnded({ audit, snapshot }: AdminCustomerView, change: AdminChange, key: string): boolean {
  const latest = audit.find(({ action, detail }) => detail['key'] === key && action.endsWith(change))
  const end = latest?.detail['expiresAt'] ?? latest?.detail['until']
  return latest !== undefined && (latest.action !== change || (typeof end === 'string' && end <= snapshot.asOf))
}

/** What only a grant, or only a plan for free, asks for. */
function ChangeFields({ change, view: { snapshot } }: Pick<ChangeFormProps, 'change' | 'view'>): React.ReactElement | null {
  const words = useAdminWords()
  const { labelOf } = useBillingContext()
  const isGrant = change === 'grant'
  if (!isGrant && change !== 'override') return null
  const names = isGrant ? Object.keys(snapshot.usage).map((key) => [key, labelOf(key)]) : Object.entries(snapshot.plans).map(([key, plan]) => [key, plan.name])
  return (
    <>
      <Field name={isGrant ? 'feature' : 'plan'} label={isGrant ? words.fieldFeature : words.fieldPlan} options={Object.fromEntries(names)} />
      {isGrant && <Field name="amount" label={words.fieldAmount} type="number" min={1} step={1} required inputMode="numeric" />}
      <Field name={isGrant ? 'expiresAt' : 'until'} label={words.fieldEnds} hint={words.endsHint} type="date" />
    </>
  )
}
