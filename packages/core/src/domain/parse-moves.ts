import { type MoveKind, type MovePolicy, type MoveRule, defaultMoves } from './plan-move.ts'
import { type Given, recordOf } from './parse-value.ts'

/** The policy of plan moves, checked and frozen; faults are reported. */
export function parseMoves(given: Given, plans: readonly string[]): MovePolicy {
  const policy: Record<MoveKind, MoveRule> & Pick<MovePolicy, 'pairs'> = { ...defaultMoves }
  for (const name of given.names(Object.keys(policy))) {
    if (isKind(name)) policy[name] = parseRule(given.at(name), policy[name])
  }
  const pairs = given.at('pairs', {})
  const rules = pairs.names(plans).map((from) => {
    const left = pairs.at(from)
    const taken = left.names(plans).map((to) => {
      if (to === from) left.fault('A pair names two different plans', to)
      return [to, parseRule(left.at(to), policy[plans.indexOf(to) > plans.indexOf(from) ? 'upgrade' : 'downgrade'])] as const
    })
    return [from, recordOf(taken)] as const
  })
  return Object.freeze({ ...policy, pairs: recordOf(rules) })
}

function isKind(name: string): name is MoveKind {
  return name !== 'pairs' && Object.hasOwn(defaultMoves, name)
}

/** What is left out is as it would be without the rule; a move that is put off to the end of a period has nothing to prorate. */
function parseRule(given: Given, otherwise: MoveRule): MoveRule {
  given.names(Object.keys(otherwise))
  const when = given.at('when').choice(['now', 'period-end'], otherwise.when)
  const usual = when === otherwise.when ? otherwise.proration : when === 'now' ? 'invoice' : 'none'
  const proration = given.at('proration').choice(['invoice', 'next-invoice', 'none'], usual)
  if (when === 'period-end' && proration !== 'none') {
    given.fault('Nothing is prorated at the end of a period: give none, or when: now', 'proration')
  }
  return Object.freeze({ when, proration })
}
