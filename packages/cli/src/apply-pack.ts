import { type Installation, type PackStep, type PackTarget, packMetadataOf } from '@farebox/core/catalog'
import type { Stripe } from 'stripe'

/** Does one step of a pack; `keyed` makes the idempotency key of what is made anew. */
export async function applyPack(
  stripe: Stripe,
  step: PackStep,
  installation: Installation,
  keyed: (kind: string, content: unknown) => Stripe.RequestOptions,
): Promise<void> {
  if (step.action === 'same') return
  if (step.action === 'retire') {
    await stripe.prices.update(step.id, { active: false })
    return
  }
  const { target, price } = step
  const { product: id, name, description, lookupKey } = target
  const metadata = { ...packMetadataOf(target, installation) }
  const shown = { name, metadata, ...(description !== null && { description }) }
  if (step.action === 'create') await stripe.products.create({ id, ...shown })
  else await stripe.products.update(id, { active: true, ...shown })
  if (price === null) {
    const parameters = { product: id, lookup_key: lookupKey, transfer_lookup_key: true, metadata, ...amountsOf(target) }
    await stripe.prices.create(parameters, keyed('pack', parameters))
    return
  }
  await stripe.prices.update(price, { active: true, metadata, lookup_key: lookupKey, transfer_lookup_key: true })
}

function amountsOf({ currency, amounts }: PackTarget): Pick<Stripe.PriceCreateParams, 'currency' | 'unit_amount' | 'currency_options'> {
  const { [currency]: usual = 0, ...others } = amounts
  const options = Object.entries(others).map(([code, unit_amount]) => [code, { unit_amount }] as const)
  return { currency, unit_amount: usual, ...(options.length > 0 && { currency_options: Object.fromEntries(options) }) }
}
