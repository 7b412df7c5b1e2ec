import { render, type Rendered } from '../responses/render.ts'
import { findAnywhere, type Store } from '../store.ts'
import { at, without, type VersionStep } from './version-step.ts'

/** 2025-09-30.clover: a discount names its coupon as `source.coupon`, a promotion code as `promotion.coupon`. Before it, both held the whole coupon. */
export const clover: VersionStep = {
  version: '2025-09-30.clover',
  before: {
    discount: (discount, store) => ({ ...without(discount, 'source'), coupon: couponOf(store, at(discount, 'source', 'coupon')) }),
    promotion_code: (code, store) => ({ ...without(code, 'promotion'), coupon: couponOf(store, at(code, 'promotion', 'coupon')) }),
  },
}

function couponOf(store: Store, coupon: unknown): Rendered | null {
  if (typeof coupon === 'object' && coupon !== null) return { ...coupon }
  const stored = typeof coupon === 'string' ? findAnywhere(store, coupon) : undefined
  return stored === undefined ? null : render(store, stored)
}
