import { createHash } from 'node:crypto'
import {
  type Installation, type PackStep, type PortalTarget, type PriceAmount, type PriceTarget, type ProductField, type ProductTarget, type PushStep,
  portalMetadataOf, priceMetadataOf, productMetadataOf,
} from '@farebox/core/catalog'
import type { Stripe } from 'stripe'
import { applyPack } from './apply-pack.ts'

type PlanStep = Exclude<PushStep, PackStep>

/** Ids of prices by lookup key, filled as steps are done. */
export type PriceIds = Map<string, string>

/**
 * Does one step. Steps are done in the order of the plan, all with the same `prices`. Whatever makes something new is
 * keyed by what it makes, so that a step which is tried again makes nothing twice.
 */
export async function applyStep(stripe: Stripe, step: PushStep, prices: PriceIds, installation?: string): Promise<void> {
  if (step.kind === 'pack') return applyPack(stripe, step, installation, keyed)
  switch (step.action) {
    case 'create':
      return create(stripe, step, prices, installation)
    case 'change':
      return change(stripe, step, prices, installation)
    case 'retire':
      await stripe.prices.update(step.id, { active: false })
      return
    case 'same':
      if (step.kind === 'price') prices.set(step.target.lookupKey, step.id)
      return
    case 'leave':
      return
    default:
      return step satisfies never
  }
}

async function create(
  stripe: Stripe,
  step: Extract<PlanStep, { action: 'create' }>,
  prices: PriceIds,
  installation: Installation,
): Promise<void> {
  switch (step.kind) {
    case 'product': {
      const { id, name, description } = step.target
      const metadata = productMetadataOf(step.target, installation)
      await stripe.products.create({ id, name, metadata, ...(description !== null && { description }) })
      return
    }
    case 'price': {
      const parameters = newPrice(step.target, installation)
      const { id } = await stripe.prices.create(parameters, keyed('price', [parameters, step.replaces?.id]))
      prices.set(step.target.lookupKey, id)
      return
    }
    case 'portal': {
      const parameters = { metadata: portalMetadataOf(installation), features: newFeatures(step.target, prices) }
      await stripe.billingPortal.configurations.create(parameters, keyed('portal', parameters))
      return
    }
    default:
      return step satisfies never
  }
}

async function change(
  stripe: Stripe,
  step: Extract<PlanStep, { action: 'change' }>,
  prices: PriceIds,
  installation: Installation,
): Promise<void> {
  switch (step.kind) {
    case 'product':
      await stripe.products.update(step.target.id, productChange(step.target, step.fields, installation))
      return
    case 'price': {
      const { lookupKey } = step.target
      const metadata = priceMetadataOf(step.target, installation)
      await stripe.prices.update(step.id, { active: true, metadata, lookup_key: lookupKey, transfer_lookup_key: true })
      prices.set(lookupKey, step.id)
      return
    }
    case 'portal':
      await stripe.billingPortal.configurations.update(step.id, { active: true, features: keptFeatures(step.target, prices) })
      return
    default:
      return step satisfies never
  }
}

function productChange(
  target: ProductTarget,
  fields: readonly ProductField[],
  installation: Installation,
): Stripe.ProductUpdateParams {
  return {
    ...(fields.includes('name') && { name: target.name }),
    ...(fields.includes('description') && target.description !== null && { description: target.description }),
    ...(fields.includes('active') && { active: true }),
    ...(fields.includes('metadata') && { metadata: { ...productMetadataOf(target, installation) } }),
  }
}

function newPrice(target: PriceTarget, installation: Installation): Stripe.PriceCreateParams {
  const { [target.currency]: usual = 0, ...others } = target.amounts
  const options = Object.entries(others).map(([currency, amount]) => [currency, amountOf(amount)] as const)
  return {
    product: target.product,
    currency: target.currency,
    ...(target.tiersMode !== null && { billing_scheme: 'tiered', tiers_mode: target.tiersMode }),
    ...amountOf(usual),
    ...(options.length > 0 && { currency_options: Object.fromEntries(options) }),
    recurring: { interval: target.interval },
    lookup_key: target.lookupKey,
    transfer_lookup_key: true,
    metadata: { ...priceMetadataOf(target, installation) },
  }
}

function amountOf(amount: PriceAmount): Pick<Stripe.PriceCreateParams, 'unit_amount' | 'tiers'> {
  if (typeof amount === 'number') return { unit_amount: amount }
  return { tiers: amount.map(({ upTo, each }) => ({ up_to: upTo ?? 'inf', unit_amount: each })) }
}

/**
 * What push keeps right: switching among the catalog's prices as its moves say, no fewer seats than are sold, and cancelling at
 * the end of what was paid for.
 */
function keptFeatures({ offers, later, proration }: PortalTarget, prices: PriceIds): Pick<
  Stripe.BillingPortal.ConfigurationCreateParams.Features, 'subscription_cancel' | 'subscription_update'
> {
  return {
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
    subscription_update: offers.length === 0 ? { enabled: false } : {
      enabled: true,
      default_allowed_updates: offers.some(({ minimum }) => minimum !== null) ? ['price', 'quantity'] : ['price'],
      proration_behavior: proration,
      schedule_at_period_end: { conditions: later.map((type) => ({ type })) },
      products: offers.map(({ product, prices: keys, minimum }) => ({
        product,
        prices: keys.map((key) => prices.get(key) ?? key),
        adjustable_quantity: minimum === null ? { enabled: false } : { enabled: true, minimum },
      })),
    },
  }
}

/** What push sets once and leaves to the dashboard from then on, besides. */
function newFeatures(target: PortalTarget, prices: PriceIds): Stripe.BillingPortal.ConfigurationCreateParams.Features {
  return {
    ...keptFeatures(target, prices),
    customer_update: { enabled: true, allowed_updates: ['email', 'address', 'tax_id'] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
  }
}

function keyed(kind: string, content: unknown): Stripe.RequestOptions {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return { idempotencyKey: `farebox-push-${kind}-${digest}` }
}
