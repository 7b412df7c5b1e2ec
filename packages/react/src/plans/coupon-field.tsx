import type { BillingError } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { couponEnglish } from './coupon-messages.ts'

/** Props of {@link CouponField}. */
export type CouponFieldProps = PartProps<string | undefined, 'form'> & {
  /** The code that counts now; give it to a purchase or a change as `promotionCode`. */
  readonly value: string | undefined
  /** Is told the code when it is sent, and `undefined` when it is taken away. */
  readonly onValueChange: (code: string | undefined) => void
  /** Why a preview or a checkout with it failed: shown where the code was at fault. */
  readonly failure?: BillingError | undefined
}

/** A promotion code, as people know it. Whether it counts is for the server to say, when something is bought or previewed. */
export function CouponField({ value, onValueChange, failure, ...props }: CouponFieldProps): React.ReactElement {
  const words = useMessages(couponEnglish)
  const id = React.useId()
  const isRefused = failure?.problem?.faults?.some(({ path }) => path === 'promotionCode') ?? false
  function submit(event: React.FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const code = new FormData(event.currentTarget).get('promotionCode')
    if (typeof code === 'string' && code.trim()) onValueChange(code.trim())
  }
  const children = [
    <label key="label" htmlFor={id}>{words.couponLabel}</label>,
    // Uncontrolled, and begun anew with each code that counts.
    <input
      key={`input ${value}`} id={id} name="promotionCode" defaultValue={value} autoComplete="off" spellCheck={false} maxLength={200}
      aria-invalid={isRefused || undefined} aria-describedby={`${id}note`}
    />,
    <button key="apply" type="submit" data-button="">{words.applyCoupon}</button>,
    value !== undefined && (
      <button key="remove" type="button" data-button="link" onClick={() => onValueChange(undefined)}>{words.removeCoupon(value)}</button>
    ),
    <span key="note" id={`${id}note`} data-slot="action-note" aria-live="polite">{isRefused && words.couponRefused}</span>,
  ]
  return part('form', props, { 'data-farebox': '', 'data-slot': 'coupon-field', onSubmit: submit, children }, value)
}
