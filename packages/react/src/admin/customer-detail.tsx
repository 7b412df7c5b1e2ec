import * as React from 'react'
import { ReadingBody } from '../parts/reading-body.tsx'
import { type HeadingLevel, TitledContext } from '../parts/reading-part.tsx'
import { Modal } from '../plans/modal.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { AdminError } from './admin-error.tsx'
import { useAdminWords } from './admin-context.ts'
import { ChangeForm, type ChangeInHand } from './change-form.tsx'
import { CustomerBalances } from './customer-balances.tsx'
import { CustomerAudit, CustomerOverrides } from './customer-history.tsx'
import { CustomerIdentity, OtherFeatures } from './customer-identity.tsx'
import { useAdminCustomer } from './use-admin-customer.ts'

interface CustomerDetailProps {
  readonly customer: string
  readonly level: HeadingLevel
  readonly takesFocus: boolean
}

/** One customer: who they are, what they have and why, and what can be done for them. */
export function CustomerDetail({ customer, level, takesFocus }: CustomerDetailProps): React.ReactElement | null {
  const words = useAdminWords()
  const { announce } = useBillingContext()
  const reading = useAdminCustomer(customer)
  const heading = React.useRef<HTMLHeadingElement>(null)
  const [inHand, setInHand] = React.useState<ChangeInHand>()
  const view = reading?.data

  React.useEffect(() => {
    if (takesFocus) heading.current?.focus()
  }, [takesFocus])
  const hadDialog = React.useRef(false)
  const done = React.useRef<string>(undefined)
  React.useEffect(() => {
    // What was focused before the dialog may be gone with what ended.
    if (hadDialog.current && !inHand && document.activeElement === document.body) heading.current?.focus()
    hadDialog.current = inHand !== undefined
    // Behind a dialog nothing is announced.
    if (!inHand && done.current) announce(done.current)
    done.current = undefined
  }, [inHand, announce])
  if (!reading) return null

  function close(told?: string): void {
    done.current ??= told
    setInHand(undefined)
  }
  const name = view?.name ?? customer
  const Heading = `h${level}` as const
  return (
    <div data-slot="admin-customer">
      <Heading ref={heading} tabIndex={-1} data-title="">{name}</Heading>
      <ReadingBody of={reading} lines={8} error={<AdminError of={reading} />}>
        {view && (
          <TitledContext.Provider value={level}>
            <CustomerIdentity view={view} />
            <div data-slot="admin-actions">
              <button type="button" data-button="primary" disabled={Object.keys(view.snapshot.usage).length === 0} onClick={() => setInHand({ change: 'grant', name })}>
                {words.grantAction}
              </button>
              <button type="button" data-button="" onClick={() => setInHand({ change: 'override', name })}>
                {words.overrideAction}
              </button>
            </div>
            <CustomerBalances view={view} onChange={setInHand} />
            <OtherFeatures view={view} />
            <CustomerOverrides view={view} onChange={setInHand} />
            <CustomerAudit view={view} />
            <Modal isOpen={inHand !== undefined} label={inHand ? words.change(inHand.change, inHand.name).title : ''} onClose={() => close()}>
              {inHand && <ChangeForm {...inHand} view={view} onClose={close} />}
            </Modal>
          </TitledContext.Provider>
        )}
      </ReadingBody>
    </div>
  )
}
