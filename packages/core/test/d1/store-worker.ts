import { type D1Database, d1Store, migrate } from '../../src/drivers/d1/index.ts'
import { answerQuestion } from './store-questions.ts'

interface Environment {
  readonly DB: D1Database
}

/** Puts a test's questions to a store on D1, which is made anew for each request, as if by another isolate. */
export const worker = {
  async fetch(request: Request, { DB: database }: Environment): Promise<Response> {
    if (new URL(request.url).pathname === '/migrate') return Response.json(await migrate(database))
    return answerQuestion((clock) => d1Store({ database, ...(clock !== undefined && { clock }) }).usage, request)
  },
}
