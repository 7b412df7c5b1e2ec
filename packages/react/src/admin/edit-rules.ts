import {
  type AccessRule, type CatalogData, type GateInput, type LifecycleInput, type MoveKind, type MoveRule, type MovesInput, type PackData, type PlanData, defaultLifecycle, defaultMoves,
} from '@farebox/core/catalog'

/** A part of a catalog that does not belong to one plan. */
type CatalogPart = 'packs' | 'moves' | 'lifecycle'

/** The statuses of a subscription of which a catalog may say whether they give access. */
export type AccessStatus = keyof NonNullable<LifecycleInput['access']>

/** The kinds of moves, in the order in which people think of them. */
export const moveKinds: readonly MoveKind[] = ['upgrade', 'downgrade', 'longerInterval', 'shorterInterval', 'moreQuantity', 'lessQuantity']

/** The catalog with a part of it changed; a part that says nothing is left out. */
function withPart<Name extends CatalogPart>(data: CatalogData, name: Name, part: CatalogData[Name]): CatalogData {
  const { [name]: _, ...rest } = data
  return isEmpty(part) ? (rest as CatalogData) : { ...data, [name]: part }
}

/** The catalog with one pack changed, or without it. */
export function withPack(data: CatalogData, key: string, pack: PackData | undefined): CatalogData {
  return withPart(data, 'packs', withEntry(data.packs, key, pack))
}

/** A record with one entry changed where it is, added at the end, or left out. */
export function withEntry<Value>(record: Readonly<Record<string, Value>> | undefined, key: string, value: Value | undefined): Readonly<Record<string, Value>> {
  const { [key]: _, ...rest } = record ?? {}
  return value === undefined ? rest : { ...record, [key]: value }
}

/** The rule of a kind of move, as the catalog has it. */
export function moveRuleOf({ moves }: CatalogData, kind: MoveKind): MoveRule {
  return completeRule(moves?.[kind], defaultMoves[kind])
}

/** The rule that pairs of plans have without one of their own. */
export function usualRuleOf(data: CatalogData, from: string, to: string): MoveRule {
  const plans = Object.keys(data.plans)
  return moveRuleOf(data, plans.indexOf(to) > plans.indexOf(from) ? 'upgrade' : 'downgrade')
}

/** What is left out of a rule is as it would be without it; what is put off has nothing to prorate. */
function completeRule(rule: Partial<MoveRule> | undefined, otherwise: MoveRule): MoveRule {
  const { when = otherwise.when, proration } = rule ?? {}
  return { when, proration: proration ?? (when === otherwise.when ? otherwise.proration : when === 'now' ? 'invoice' : 'none') }
}

/** The catalog with another rule for a kind of move; the usual one is left out. */
export function withMoveRule(data: CatalogData, kind: MoveKind, rule: MoveRule): CatalogData {
  const { [kind]: _, ...rest } = data.moves ?? {}
  return withPart(data, 'moves', writeRule(rule) === writeRule(defaultMoves[kind]) ? (rest as MovesInput) : { ...data.moves, [kind]: rule })
}

/** A pair of plans with a rule of its own. */
export interface MovePair {
  readonly from: string
  readonly to: string
  readonly rule: MoveRule
}

export function pairsOf(data: CatalogData): readonly MovePair[] {
  return Object.entries(data.moves?.pairs ?? {}).flatMap(([from, targets]) =>
    Object.entries(targets ?? {}).map(([to, rule]) => ({ from, to, rule: completeRule(rule, usualRuleOf(data, from, to)) })),
  )
}

/** The catalog with a rule for a pair of plans, or without one. */
export function withPair(data: CatalogData, from: string, to: string, rule: MoveRule | undefined): CatalogData {
  const { pairs = {}, ...kinds } = data.moves ?? {}
  const targets = withEntry<Partial<MoveRule> | undefined>(pairs[from], to, rule)
  const next = withEntry<(typeof pairs)[string]>(pairs, from, isEmpty(targets) ? undefined : targets)
  return withPart(data, 'moves', isEmpty(next) ? kinds : { ...kinds, pairs: next })
}

/** When a move takes effect and how it is settled, as one word. */
export function writeRule({ when, proration }: MoveRule): string {
  return `${when}/${proration}`
}

/** The rules that there can be: at the end of a period nothing is prorated. */
export const moveRules: readonly MoveRule[] = [
  { when: 'now', proration: 'invoice' }, { when: 'now', proration: 'next-invoice' }, { when: 'now', proration: 'none' }, { when: 'period-end', proration: 'none' },
]

export function accessOf({ lifecycle }: CatalogData, status: AccessStatus): AccessRule {
  return lifecycle?.access?.[status] ?? defaultLifecycle.access[status]
}

/** The catalog with another access for a status; the usual one is left out. */
export function withAccess(data: CatalogData, status: AccessStatus, access: AccessRule): CatalogData {
  const { access: known = {}, ...rest } = data.lifecycle ?? {}
  const next = withEntry<AccessRule>(known, status, access === defaultLifecycle.access[status] ? undefined : access)
  return withPart(data, 'lifecycle', isEmpty(next) ? rest : { ...rest, access: next })
}

/** The catalog with other days of grace; without any, the usual ones. */
export function withGrace(data: CatalogData, graceDays: number | undefined): CatalogData {
  const { graceDays: _, ...rest } = data.lifecycle ?? {}
  return withPart(data, 'lifecycle', graceDays === undefined ? rest : { ...rest, graceDays })
}

/** The plan with other gates of a feature, or without. */
export function withGates(plan: PlanData, feature: string, gates: readonly GateInput[]): PlanData {
  const { gates: known, ...rest } = plan
  const next = withEntry(known, feature, gates.length === 0 ? undefined : gates)
  return isEmpty(next) ? rest : { ...rest, gates: next }
}

/** Gates as people type them: `100/minute, 1000/hour/50`, the last number being the burst. What is none is told as faulty. */
export function readGates(text: string): readonly GateInput[] {
  return text.split(/[\s,]+/).filter(Boolean).map((written) => {
    const [, limit, per, burst] = /^(\d+)\/(second|minute|hour|day)(?:\/(\d+))?$/.exec(written) ?? []
    if (per !== 'second' && per !== 'minute' && per !== 'hour' && per !== 'day') return written as `${number}/minute`
    return { limit: Number(limit), per, ...(burst !== undefined && { burst: Number(burst) }) }
  })
}

export function writeGates(gates: readonly GateInput[]): string {
  return gates.map((gate) => (typeof gate === 'string' ? gate : [gate.limit, gate.per, gate.burst].filter((each) => each !== undefined).join('/'))).join(', ')
}

function isEmpty(record: object | undefined): boolean {
  return record === undefined || Object.keys(record).length === 0
}
