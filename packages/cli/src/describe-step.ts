import { minorDigitsOf } from '@farebox/core'
import type { PackStep, PortalTarget, PriceAmount, PriceTarget, PushStep } from '@farebox/core/catalog'

/** A step as one line: what happens (`+` create, `~` change, `=` same, `-` no longer sold, `?` left to you), and to what. */
export function describeStep(step: PushStep): string {
  switch (step.kind) {
    case 'product':
      return describeProduct(step)
    case 'price':
      return describePrice(step)
    case 'pack':
      return describePack(step)
    case 'portal':
      return `${marks[step.action]} portal   ${describePortal(step.target)}`
    default:
      return step satisfies never
  }
}

const marks: Readonly<Record<PushStep['action'], string>> = { create: '+', change: '~', same: '=', retire: '-', leave: '?' }

function describeProduct(step: Extract<PushStep, { kind: 'product' }>): string {
  if (step.action === 'leave') {
    return `? product  ${step.id}: the catalog has no plan ${step.plan}; archive it in the dashboard once nobody has it`
  }
  const { id, name } = step.target
  return `${marks[step.action]} product  ${id}  ${name}${step.action === 'change' ? ` (${step.fields.join(', ')})` : ''}`
}

function describePrice(step: Extract<PushStep, { kind: 'price' }>): string {
  switch (step.action) {
    case 'create': {
      const { replaces, target } = step
      if (replaces === null) return `+ price    ${target.lookupKey}  ${amountOf(target)}`
      const before = replaces.amount === null ? replaces.id : `${cost(replaces.amount, replaces.currency)} (${replaces.id})`
      return `~ price    ${target.lookupKey}  ${amountOf(target)}, was ${before}: a new price takes over the lookup key`
    }
    case 'change':
      return `~ price    ${step.target.lookupKey}  ${amountOf(step.target)}: ${step.id} is taken up again`
    case 'same':
      return `= price    ${step.target.lookupKey}  ${amountOf(step.target)}`
    case 'retire':
      return `- price    ${step.id} (${step.plan}, per ${step.interval}) is no longer sold; subscriptions that have it go on`
    default:
      return step satisfies never
  }
}

function describePack(step: PackStep): string {
  if (step.action === 'retire') return `- pack     ${step.id} (${step.pack}) is no longer sold; what was bought stays`
  const { lookupKey, name, amounts } = step.target
  const all = Object.entries(amounts).map(([code, amount]) => money(amount, code)).join(', ')
  return `${marks[step.action]} pack     ${lookupKey}  ${name}, ${all} once`
}

function describePortal({ offers }: PortalTarget): string {
  const products = offers.map(({ product }) => product).join(', ')
  return `${offers.length === 0 ? 'no plans to switch to' : `switch among ${products}`}; cancel at the end of the period`
}

function amountOf({ amounts, currency, interval, minimum, tiersMode }: PriceTarget): string {
  const { [currency]: usual = 0, ...others } = amounts
  const all = [cost(usual, currency), ...Object.entries(others).map(([code, amount]) => cost(amount, code))].join(', ')
  return `${all} per ${interval}${tiersMode === null ? '' : `, ${tiersMode}`}${minimum > 1 ? `, at least ${minimum}` : ''}`
}

function cost(amount: PriceAmount, currency: string): string {
  if (typeof amount === 'number') return money(amount, currency)
  return amount.map(({ upTo, each }) => `${money(each, currency)} ${upTo === null ? 'beyond' : `to ${upTo}`}`).join(' / ')
}

function money(amount: number, currency: string): string {
  const digits = minorDigitsOf(currency)
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`
}
