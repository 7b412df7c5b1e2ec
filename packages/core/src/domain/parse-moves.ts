import { type MovePolicy, type MoveRule, defaultMoves, moveKinds } from './plan-move.ts'
import { type Report, frozenRecord, join, parseChoice, parseObject } from './parse-value.ts'

/** The policy of plan moves, checked and frozen; faults are reported. */
export function parseMoves(value: unknown, path: string, report: Report, plans: readonly string[]): MovePolicy {
  if (value === undefined) return defaultMoves
  const entries = parseObject(value, path, report, [...moveKinds, 'pairs'])
  const policy = { ...defaultMoves }
  for (const kind of moveKinds) {
    if (entries?.has(kind) === true) policy[kind] = parseRule(entries.get(kind), join(path, kind), report, defaultMoves[kind])
  }
  const pairs: Record<string, Readonly<Record<string, MoveRule>>> = {}
  const given = entries?.has('pairs') === true ? parseObject(entries.get('pairs'), join(path, 'pairs'), report, plans) : undefined
  for (const [from, targets] of given ?? []) {
    const at = join(path, `pairs.${from}`)
    const rules = [...(parseObject(targets, at, report, plans) ?? [])].map(([to, rule]) => {
      if (to === from) report(join(at, to), 'A pair names two different plans')
      const kind = plans.indexOf(to) > plans.indexOf(from) ? 'upgrade' : 'downgrade'
      return [to, parseRule(rule, join(at, to), report, policy[kind])] as const
    })
    pairs[from] = frozenRecord(Object.fromEntries(rules))
  }
  return Object.freeze({ ...policy, pairs: frozenRecord(pairs) })
}

/** What is left out is as it would be without the rule; a move that is put off to the end of a period has nothing to prorate. */
function parseRule(value: unknown, path: string, report: Report, otherwise: MoveRule): MoveRule {
  const entries = parseObject(value, path, report, ['when', 'proration'])
  const given = entries?.get('when')
  const when = given === undefined ? otherwise.when : (parseChoice(given, join(path, 'when'), report, ['now', 'period-end']) ?? otherwise.when)
  const asked = entries?.get('proration')
  const usual = when === otherwise.when ? otherwise.proration : when === 'now' ? 'invoice' : 'none'
  const choices = ['invoice', 'next-invoice', 'none'] as const
  const proration = asked === undefined ? usual : (parseChoice(asked, join(path, 'proration'), report, choices) ?? usual)
  if (when === 'period-end' && proration !== 'none') {
    report(join(path, 'proration'), 'A move at the end of a period has nothing to prorate: give none, or when: now')
  }
  return Object.freeze({ when, proration })
}
