import type { Catalog, FeatureTerms, Plan } from '../domain/catalog.ts'
import type { Gate, GateInput, GateUnit } from '../domain/gate.ts'
import { day } from '../domain/instant.ts'
import { type LifecycleInput, type LifecyclePolicy, defaultLifecycle, subscriptionStatuses } from '../domain/lifecycle.ts'
import type { Pack } from '../domain/pack.ts'
import { type MovePolicy, type MovesInput, defaultMoves } from '../domain/plan-move.ts'
import type { AmountInput, Amounts, PlanPrice, PriceInput } from '../domain/price.ts'
import type { CatalogData, MeteredData, PackData, PlanData } from './catalog-data.ts'

/**
 * A catalog as plain data, for an editor or a file: `defineCatalog` makes an equal catalog of it, also after JSON. What is
 * as it would be anyway is left out.
 */
export function describeCatalog({ features, planList, packs, lifecycle, moves }: Catalog): CatalogData {
  const parts = { lifecycle: lifecycleData(lifecycle), moves: movesData(moves) }
  return {
    features: mapValues(features, (feature) => ({ ...feature })),
    plans: Object.fromEntries(planList.map((plan) => [plan.key, planData(plan)])),
    ...(hasAny(packs) && { packs: mapValues(packs, packData) }),
    ...(hasAny(parts.lifecycle) && { lifecycle: parts.lifecycle }),
    ...(hasAny(parts.moves) && { moves: parts.moves }),
  }
}

function mapValues<Value, Data>(record: Readonly<Record<string, Value>>, describe: (value: Value) => Data): Readonly<Record<string, Data>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, describe(value)]))
}

function hasAny(record: object): boolean {
  return Object.keys(record).length > 0
}

function planData(plan: Plan): PlanData {
  return {
    name: plan.name,
    ...(plan.description !== null && { description: plan.description }),
    ...(plan.isDefault && { default: true }),
    ...(hasAny(plan.prices) && { prices: mapValues(plan.prices, priceData) }),
    ...(plan.trialDays > 0 && { trialDays: plan.trialDays }),
    ...(!plan.trialRequiresCard && { trialRequiresCard: false }),
    ...(plan.recommended && { recommended: true }),
    ...(plan.contactSales && { contactSales: true }),
    features: mapValues(plan.features, termsData),
    ...(hasAny(plan.gates) && { gates: mapValues(plan.gates, (gates) => gates.map(gateData)) }),
  }
}

function termsData(terms: FeatureTerms): unknown {
  switch (terms.kind) {
    case 'toggle':
      return terms.on
    case 'setting':
      return terms.value
    case 'seats':
      if (terms.paid === true) return 'paid'
      return terms.amount ?? ({ kind: 'metered', amount: null, interval: 'month', overagePrice: null } satisfies MeteredData)
    case 'metered': {
      const { kind, amount, interval, overagePrice } = terms
      return { kind, amount, interval, overagePrice: overagePrice && { ...overagePrice } } satisfies MeteredData
    }
    default:
      return terms satisfies never
  }
}

/** A gate's id is its short form, and names its unit. */
function gateData({ id, limit, burst }: Gate): GateInput {
  const [, per = ''] = id.split('/')
  return { limit, per: per as GateUnit, ...(burst !== limit && { burst }) }
}

function priceData({ amounts, perSeat, minimum, tiers }: PlanPrice): PriceInput {
  if (!perSeat) return amountData(amounts)
  const steps = tiers?.steps ?? [{ upTo: null, amounts }]
  const list = steps.map(({ upTo, amounts: each }) => ({ upTo, each: amountData(each) }))
  return { kind: 'seat-price', mode: tiers && tiers.mode, tiers: list, minimum }
}

function amountData([first, ...others]: Amounts): AmountInput {
  return others.length === 0 ? { ...first } : [first, ...others].map((money) => ({ ...money }))
}

function packData({ name, description, amounts, grants, expiresAfterDays, refunds }: Pack): PackData {
  return {
    name,
    ...(description !== null && { description }),
    price: amountData(amounts),
    grants: { ...grants },
    ...(expiresAfterDays !== null && { expiresAfterDays }),
    ...(refunds !== 'void' && { refunds }),
  }
}

function lifecycleData({ access, grace }: LifecyclePolicy): LifecycleInput {
  const changed = subscriptionStatuses.filter((status) => access[status] !== defaultLifecycle.access[status])
  return {
    ...(changed.length > 0 && { access: Object.fromEntries(changed.map((status) => [status, access[status]])) }),
    ...(grace !== defaultLifecycle.grace && { graceDays: grace / day }),
  }
}

function movesData({ pairs, ...rules }: MovePolicy): MovesInput {
  const { pairs: _, ...usual } = defaultMoves
  const isUsual = JSON.stringify(rules) === JSON.stringify(usual)
  return {
    ...(!isUsual && mapValues(rules, (rule) => ({ ...rule }))),
    ...(hasAny(pairs) && { pairs: mapValues(pairs, (targets) => mapValues(targets, (rule) => ({ ...rule }))) }),
  }
}
