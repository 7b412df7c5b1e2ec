import type { Clock, UsageOperation, UsageQuery, UsageStore } from '../../src/index.ts'
import { compareStores } from './compare-stores.ts'

/** What a test asks the worker that holds a store. */
export type StoreQuestion =
  | { readonly ask: 'execute'; readonly operations: readonly UsageOperation[]; readonly now?: number }
  | { readonly ask: 'read'; readonly queries: readonly UsageQuery[] }
  | { readonly ask: 'race'; readonly operation: UsageOperation; readonly attempts: number }
  | { readonly ask: 'compare'; readonly seed: number; readonly calls: number }

/** Puts a test's question to a store of this worker. */
export async function answerQuestion(create: (clock?: Clock) => UsageStore, request: Request): Promise<Response> {
  // The test that asks is of the same project, and sends this shape.
  const question = (await request.json()) as StoreQuestion
  switch (question.ask) {
    case 'execute':
      return Response.json(await create(clockAt(question.now)).execute(question.operations))
    case 'read':
      return Response.json(await create().read(question.queries))
    case 'race': {
      const store = create()
      const outcomes = await Promise.all(Array.from({ length: question.attempts }, async () => store.execute([question.operation])))
      return Response.json(outcomes.flat())
    }
    case 'compare':
      return Response.json(await compareStores(create, `seed-${question.seed}-`, question.seed, question.calls))
    default:
      return question satisfies never
  }
}

function clockAt(now: number | undefined): Clock | undefined {
  return now === undefined ? undefined : { now: () => now }
}
