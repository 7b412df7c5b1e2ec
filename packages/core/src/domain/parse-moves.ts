import { type MoveKind, type MovePolicy, type MoveRule, defaultMoves } from './plan-move.ts'
import { type Report, frozenRecord, join, parseChoice, parseObject } from './parse-value.ts'

/** The policy of plan moves, checked and frozen; faults are reported. */
export function parseMoves(value: unknown, path: string, report: Report, plans: readonly string[]): MovePolicy {
  if (value === undefined) return defaultMoves
  const policy: Record<MoveKind, MoveRule> & Pick<MovePolicy, 'pairs'> = { ...defaultMoves }
  const entries = parseObject(value, path, report, Object.keys(policy))
  for (const [name, rule] of entries ?? []) {
    if (isKind(name)) policy[name] = parseRule(rule, join(path, name), report, policy[name])
  }
  const given: [string, Readonly<Record<string, MoveRule>>][] = []
  const pairs = entries?.get('pairs')
  for (const [from, targets] of (pairs !== undefined && parseObject(pairs, join(path, 'pairs'), report, plans)) || []) {
    const at = join(path, `pairs.${from}`)
    const parsed = [...(parseObject(targets, at, report, plans) ?? [])].map(([to, rule]) => {
      if (to === from) report(join(at, to), 'A pair names two different plans')
      const kind = plans.indexOf(to) > plans.indexOf(from) ? 'upgrade' : 'downgrade'
      return [to, parseRule(rule, join(at, to), report, policy[kind])] as const
    })
    given.push([from, frozenRecord(Object.fromEntries(parsed))])
  }
  return Object.freeze({ ...policy, pairs: frozenRecord(Object.fromEntries(given)) })
}

function isKind(name: string): name is MoveKind {
  return name !== 'pairs' && Object.hasOwn(defaultMoves, name)
}

/** What is left out is as it would be without the rule; a move that is put off to the end of a period has nothing to prorate. */
function parseRule(value: unknown, path: string, report: Report, otherwise: MoveRule): MoveRule {
  const entries = parseObject(value, path, report, Object.keys(otherwise))
  const choose = <Choice extends string>(name: string, usual: Choice, choices: readonly Choice[]): Choice => {
    const asked = entries?.get(name)
    return asked === undefined ? usual : (parseChoice(asked, join(path, name), report, choices) ?? usual)
  }
  const when = choose('when', otherwise.when, ['now', 'period-end'])
  const usual = when === otherwise.when ? otherwise.proration : when === 'now' ? 'invoice' : 'none'
  const proration = choose('proration', usual, ['invoice', 'next-invoice', 'none'])
  if (when === 'period-end' && proration !== 'none') {
    report(join(path, 'proration'), 'A move at the end of a period has nothing to prorate: give none, or when: now')
  }
  return Object.freeze({ when, proration })
}
