import { type Catalog, type FeatureTerms, type Plan, priceIntervals } from '../domain/catalog.ts'
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
  return {
    features: Object.fromEntries(Object.entries(features).map(([key, feature]) => [key, { ...feature }])),
    plans: Object.fromEntries(planList.map((plan) => [plan.key, planData(plan)])),
    ...filled('packs', Object.fromEntries(Object.values(packs).map((pack) => [pack.key, packData(pack)]))),
    ...filled('lifecycle', lifecycleData(lifecycle)),
    ...filled('moves', movesData(moves)),
  }
}

/** A part, where there is anything in it. */
function filled<Name extends string, Part extends object>(name: Name, part: Part): { readonly [Key in Name]?: Part } {
  return Object.keys(part).length === 0 ? {} : { [name]: part } as { readonly [Key in Name]: Part }
}

function planData(plan: Plan): PlanData {
  const prices = priceIntervals.flatMap((interval) => {
    const price = plan.prices[interval]
    return price === undefined ? [] : [[interval, priceData(price)] as const]
  })
  return {
    name: plan.name,
    ...(plan.description !== null && { description: plan.description }),
    ...(plan.isDefault && { default: true }),
    ...filled('prices', Object.fromEntries(prices)),
    ...(plan.trialDays > 0 && { trialDays: plan.trialDays }),
    ...(!plan.trialRequiresCard && { trialRequiresCard: false }),
    ...(plan.recommended && { recommended: true }),
    ...(plan.contactSales && { contactSales: true }),
    features: Object.fromEntries(Object.entries(plan.features).map(([key, terms]) => [key, termsData(terms)])),
    ...filled('gates', Object.fromEntries(Object.entries(plan.gates).map(([key, gates]) => [key, gates.map(gateData)]))),
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
    ...filled('access', Object.fromEntries(changed.map((status) => [status, access[status]]))),
    ...(grace !== defaultLifecycle.grace && { graceDays: grace / day }),
  }
}

function movesData({ pairs, ...rules }: MovePolicy): MovesInput {
  const { pairs: _, ...usual } = defaultMoves
  const isUsual = JSON.stringify(rules) === JSON.stringify(usual)
  const given = Object.entries(pairs).map(([from, to]) => [from, Object.fromEntries(Object.entries(to).map(([key, rule]) => [key, { ...rule }]))])
  return {
    ...(!isUsual && Object.fromEntries(Object.entries(rules).map(([kind, rule]) => [kind, { ...rule }]))),
    ...filled('pairs', Object.fromEntries(given)),
  }
}
