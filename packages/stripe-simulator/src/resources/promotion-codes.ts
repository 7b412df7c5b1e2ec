import type { Account } from '../account.ts'
import type { PromotionCode } from '../billing-objects.ts'
import { invalidRequest, missingParameter } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { getCoupon } from '../lifecycle/coupon-validity.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface NewPromotionCode {
  readonly active?: boolean
  readonly code?: string
  readonly customer?: string
  readonly expires_at?: number
  readonly max_redemptions?: number
  readonly metadata?: MetadataChange | null
  readonly promotion: { readonly coupon?: string; readonly type: 'coupon' }
  readonly restrictions?: {
    readonly first_time_transaction?: boolean
    readonly minimum_amount?: number
    readonly minimum_amount_currency?: string
  }
}

interface PromotionCodeFilter extends PageParameters {
  readonly active?: boolean
  readonly code?: string
  readonly coupon?: string
  readonly created?: InstantFilter
  readonly customer?: string
}

export const promotionCodeRoutes: Routes = {
  'promotion-codes.create': route<NewPromotionCode>({
    answers: 'promotion_code',
    supports: [
      'active',
      'code',
      'customer',
      'expires_at',
      'max_redemptions',
      'metadata',
      'promotion',
      'restrictions.first_time_transaction',
      'restrictions.minimum_amount',
      'restrictions.minimum_amount_currency',
    ],
    handle: ({ account, parameters }) => render(account.store, createPromotionCode(account, parameters)),
  }),
  'promotion-codes.retrieve': route({
    answers: 'promotion_code',
    handle: ({ account, id }) => render(account.store, get(account.store.promotionCodes, id)),
  }),
  'promotion-codes.update': route<{ readonly active?: boolean; readonly metadata?: MetadataChange | null }>({
    answers: 'promotion_code',
    supports: ['active', 'metadata'],
    handle({ account, id, parameters }) {
      const before = get(account.store.promotionCodes, id)
      if (parameters.active === true && !before.active) refuseTaken(account, before.code)
      const after = account.store.promotionCodes.save({
        ...before,
        active: parameters.active ?? before.active,
        metadata: changeMetadata(before.metadata, parameters.metadata),
      })
      account.emit('promotion_code.updated', after, before)
      return render(account.store, after)
    },
  }),
  'promotion-codes.list': route<PromotionCodeFilter>({
    answers: 'promotion_code',
    supports: [...pageParameters, 'active', 'code', 'coupon', 'created', 'customer'],
    handle({ account, parameters }) {
      const { promotionCodes } = account.store
      const { active, code, coupon, created, customer } = parameters
      const matches = promotionCodes
        .newestFirst()
        .filter((promotion) => active === undefined || promotion.active === active)
        .filter((promotion) => code === undefined || isSameCode(promotion.code, code))
        .filter((promotion) => coupon === undefined || promotion.promotion.coupon === coupon)
        .filter((promotion) => isWithin(promotion.created, created))
        .filter((promotion) => customer === undefined || promotion.customer === customer)
      return { ...listPage(account.store, promotionCodes, matches, parameters, '/v1/promotion_codes') }
    },
  }),
}

function createPromotionCode(account: Account, given: NewPromotionCode): PromotionCode {
  if (given.promotion.coupon === undefined) throw missingParameter('promotion[coupon]')
  const coupon = getCoupon(account, given.promotion.coupon, 'promotion[coupon]')
  const { first_time_transaction = false, minimum_amount, minimum_amount_currency } = given.restrictions ?? {}
  if (minimum_amount !== undefined && minimum_amount_currency === undefined) {
    throw missingParameter('restrictions[minimum_amount_currency]')
  }
  if (given.code !== undefined && !/^[a-z0-9-]+$/i.test(given.code)) {
    throw invalidRequest('Promotion codes can only contain letters, digits and dashes.', { param: 'code' })
  }
  const code = given.code ?? account.identifiers.next('code').slice('code_1'.length, 'code_1'.length + 8).toUpperCase()
  if (given.active !== false) refuseTaken(account, code)
  if (given.expires_at !== undefined && given.expires_at <= account.clock.seconds()) {
    throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
  }
  const promotionCode = account.store.promotionCodes.save({
    id: account.identifiers.next('promo'),
    object: 'promotion_code',
    active: given.active ?? true,
    code,
    created: account.clock.seconds(),
    customer: given.customer === undefined ? null : getCustomer(account.store, given.customer, 'customer').id,
    customer_account: null,
    expires_at: given.expires_at ?? null,
    livemode: false,
    max_redemptions: given.max_redemptions ?? null,
    metadata: changeMetadata({}, given.metadata),
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: {
      first_time_transaction,
      minimum_amount: minimum_amount ?? null,
      minimum_amount_currency: minimum_amount_currency?.toLowerCase() ?? null,
    },
    times_redeemed: 0,
  })
  account.emit('promotion_code.created', promotionCode)
  return promotionCode
}

/** A code that people can enter is one code's alone, whatever its case. */
function refuseTaken(account: Account, code: string): void {
  const isTaken = account.store.promotionCodes.newestFirst().some((other) => other.active && isSameCode(other.code, code))
  if (!isTaken) return
  throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
    code: 'resource_already_exists',
    param: 'code',
  })
}

/** People may write a code in either case. */
function isSameCode(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
