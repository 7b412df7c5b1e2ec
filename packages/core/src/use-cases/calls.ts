import { FareboxError } from '../errors/error.ts'
import type { Context } from './context.ts'

/** The calls of one farebox, so that its `close()` can tell those that were made before from those that come after. */
export class Calls {
  /** What a call that is made now works with; after `close()` one that is refused by both stores. */
  context: Context
  private closing: Promise<void> | undefined

  constructor(context: Context) {
    this.context = context
  }

  /** The same answer, which `close()` waits for. */
  keep<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return this.context.underWay.keep(answer)
  }

  /** Refuses what is asked for from now on, and answers when everything that was asked for before has its answer. */
  async close(): Promise<void> {
    this.closing ??= this.finish(this.context)
    return this.closing
  }

  private async finish(open: Context): Promise<void> {
    this.context = closedContext(open)
    await open.underWay.idle()
    await open.batcher.close()
  }
}

function closedContext(open: Context): Context {
  const usage = { label: open.usage.label, execute: refuse, read: refuse, history: refuse, raiseVersion: refuse, sweep: refuse, forget: refuse }
  return {
    ...open,
    usage,
    givenUsage: usage,
    batcher: { submit: refuse, ask: refuseAtOnce, close: async () => undefined },
    leases: null,
    records: { label: open.records.label, load: refuse, commit: refuse, find: refuse, forget: refuse },
  }
}

async function refuse(): Promise<never> {
  return refuseAtOnce()
}

function refuseAtOnce(): never {
  throw new FareboxError('unavailable', 'The farebox is closed', { reason: 'closed' })
}
