import type { Account } from '../account.ts'
import type { Coupon } from '../billing-objects.ts'
import { invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { get } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { getCoupon, isRedeemable } from '../lifecycle/discounts/coupon-validity.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface CouponFields {
  readonly currency_options?: Readonly<Record<string, { readonly amount_off: number }>>
  readonly metadata?: MetadataChange | null
  readonly name?: string
}

interface NewCoupon extends CouponFields {
  readonly amount_off?: number
  readonly applies_to?: { readonly products?: readonly string[] }
  readonly currency?: string
  readonly duration?: 'forever' | 'once' | 'repeating'
  readonly duration_in_months?: number
  readonly id?: string
  readonly max_redemptions?: number
  readonly percent_off?: number
  readonly redeem_by?: number
}

export const couponRoutes: Routes = {
  'coupons.create': route<NewCoupon>({
    supports: [
      'amount_off',
      'applies_to.products',
      'currency',
      'currency_options',
      'duration',
      'duration_in_months',
      'id',
      'max_redemptions',
      'metadata',
      'name',
      'percent_off',
      'redeem_by',
    ],
    handle: ({ account, parameters }) => render(account.store, createCoupon(account, parameters)),
  }),
  'coupons.retrieve': route({
    handle: ({ account, id }) => render(account.store, withValidity(account, getCoupon(account, id))),
  }),
  'coupons.update': route<CouponFields>({
    supports: ['currency_options', 'metadata', 'name'],
    handle({ account, id, parameters }) {
      const before = getCoupon(account, id)
      const amounts = { ...before.internal.amounts, ...readAmounts(parameters.currency_options) }
      const metadata = changeMetadata(before.metadata, parameters.metadata)
      const changes = { metadata, name: parameters.name ?? before.name, internal: { ...before.internal, amounts } }
      const after = changeObject(account, 'coupons', before, changes, 'coupon.updated')
      return render(account.store, withValidity(account, after))
    },
  }),
  'coupons.del': route({
    handle({ account, id }) {
      const before = getCoupon(account, id)
      const internal = { ...before.internal, isDeleted: true }
      account.emit('coupon.deleted', account.store.coupons.save({ ...before, valid: false, internal }))
      return { id, object: 'coupon', deleted: true }
    },
  }),
  'coupons.list': route<PageParameters & { readonly created?: InstantFilter }>({
    supports: [...pageParameters, 'created'],
    handle({ account, parameters, path }) {
      const { coupons } = account.store
      const matches = coupons
        .newestFirst()
        .filter((coupon) => !coupon.internal.isDeleted && isWithin(coupon.created, parameters.created))
        .map((coupon) => withValidity(account, coupon))
      return { ...listPage(account.store, coupons, matches, parameters, path) }
    },
  }),
}

function withValidity(account: Account, coupon: Coupon): Coupon {
  return { ...coupon, valid: isRedeemable(account, coupon) }
}

function createCoupon(account: Account, given: NewCoupon): Coupon {
  const { amount_off, percent_off, duration = 'once' } = given
  if (given.id !== undefined && account.store.coupons.find(given.id) !== undefined) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  if ((amount_off === undefined) === (percent_off === undefined)) {
    throw invalidRequest('You must pass either `percent_off` or `amount_off`, and not both.', { param: 'percent_off' })
  }
  if (amount_off !== undefined && amount_off < 1) {
    throw invalidInteger('positive', 'amount_off')
  }
  if (amount_off !== undefined && given.currency === undefined) throw missingParameter('currency')
  if (percent_off !== undefined && (percent_off <= 0 || percent_off > 100 || !/^\d+(\.\d{1,2})?$/.test(String(percent_off)))) {
    throw invalidRequest('Invalid percent_off: must be greater than 0 and at most 100, with at most 2 decimal places', { param: 'percent_off' })
  }
  if (duration === 'repeating' && given.duration_in_months === undefined) throw missingParameter('duration_in_months')
  if (duration !== 'repeating' && given.duration_in_months !== undefined) {
    throw invalidRequest('`duration_in_months` can only be set when `duration=repeating`.', { param: 'duration_in_months' })
  }
  if (given.redeem_by !== undefined && given.redeem_by <= account.clock.seconds()) {
    throw invalidRequest('`redeem_by` must be in the future.', { param: 'redeem_by' })
  }
  for (const [index, product] of (given.applies_to?.products ?? []).entries()) {
    get(account.store.products, product, `applies_to[products][${index}]`)
  }
  const coupon = account.store.coupons.save({
    id: given.id ?? account.identifiers.next('coupon').slice('coupon_1'.length, 'coupon_1'.length + 8),
    object: 'coupon',
    amount_off: amount_off ?? null,
    created: account.clock.seconds(),
    currency: amount_off === undefined ? null : (given.currency?.toLowerCase() ?? null),
    duration,
    duration_in_months: given.duration_in_months ?? null,
    livemode: false,
    max_redemptions: given.max_redemptions ?? null,
    metadata: changeMetadata({}, given.metadata),
    name: given.name ?? null,
    percent_off: percent_off ?? null,
    redeem_by: given.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
    internal: { products: given.applies_to?.products, amounts: readAmounts(given.currency_options), isDeleted: false },
  })
  account.emit('coupon.created', coupon)
  return coupon
}

function readAmounts(given: CouponFields['currency_options']): Record<string, number> {
  return Object.fromEntries(Object.entries(given ?? {}).map(([currency, { amount_off }]) => [currency.toLowerCase(), amount_off]))
}
