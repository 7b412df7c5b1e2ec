import type { Account } from '../account.ts'
import type { PromotionCode } from '../billing-objects.ts'
import { invalidRequest, missingParameter } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { getCoupon } from '../lifecycle/discounts/coupon-validity.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

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

interface PromotionCodeFilter {
  readonly code?: string
  readonly coupon?: string
}

export const promotionCodeRoutes: Routes = {
  'promotion-codes.create': route<NewPromotionCode>({
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
  'promotion-codes.retrieve': retrieveRoute('promotionCodes'),
  'promotion-codes.update': route<{ readonly active?: boolean; readonly metadata?: MetadataChange | null }>({
    supports: ['active', 'metadata'],
    handle({ account, id, parameters }) {
      const before = get(account.store.promotionCodes, id)
      if (parameters.active === true && !before.active) refuseTaken(account, before.code)
      const changes = { active: parameters.active ?? before.active, metadata: changeMetadata(before.metadata, parameters.metadata) }
      return render(account.store, changeObject(account, 'promotionCodes', before, changes, 'promotion_code.updated'))
    },
  }),
  'promotion-codes.list': listRoute('promotionCodes', {
    fields: ['active', 'created', 'customer'],
    supports: ['code', 'coupon'],
    shows: (promotion, { code, coupon }: PromotionCodeFilter) =>
      (code === undefined || isSameCode(promotion.code, code)) && (coupon === undefined || promotion.promotion.coupon === coupon),
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
