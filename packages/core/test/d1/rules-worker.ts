import type { ContractCase } from '../../src/testing/index.ts'

/** What became of a rule in a worker. */
export interface Tried {
  readonly outcome: 'kept' | 'broken' | 'skipped'
  readonly reason: string | null
}

/** In a worker: tries the rule that the request names, `?rule=<name>`. */
export async function tryRule(rules: readonly ContractCase[], request: Request): Promise<Response> {
  const name = new URL(request.url).searchParams.get('rule')
  const rule = rules.find((candidate) => candidate.name === name)
  if (rule === undefined) return new Response('There is no such rule', { status: 404 })
  return Response.json(await tryOne(rule))
}

async function tryOne(rule: ContractCase): Promise<Tried> {
  if (rule.skipped !== null) return { outcome: 'skipped', reason: rule.skipped }
  try {
    await rule.run()
    return { outcome: 'kept', reason: null }
  } catch (error) {
    return { outcome: 'broken', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Outside: the rules of a contract that can be tried, each of which asks the worker at `path`. */
export function rulesInWorker(
  contract: (create: () => Promise<never>) => readonly ContractCase[],
  ask: (path: string) => Promise<unknown>,
  path: string,
): readonly ContractCase[] {
  const rules = contract(() => Promise.reject(new Error('The worker makes the stores')))
  return rules
    .filter(({ skipped }) => skipped === null)
    .map(({ name, skipped }) => ({
      name,
      skipped,
      async run() {
        // The worker answers what `tryOne` answered.
        const { outcome, reason } = (await ask(`${path}?rule=${encodeURIComponent(name)}`)) as Tried
        if (outcome !== 'kept') throw new Error(`${outcome}: ${reason}`)
      },
    }))
}
