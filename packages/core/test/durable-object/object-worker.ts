import { durableObjectStore, FareboxUsage, type ObjectState, type ObjectStorage, type UsageNamespace } from '../../src/drivers/durable-object/index.ts'
import { answerQuestion } from '../d1/store-questions.ts'

interface Environment {
  readonly USAGE: UsageNamespace
}

/** What an object keeps: its rows (`null` without a table), the size of its storage, and when it wakes by itself. */
export interface Kept {
  readonly rows: number | null
  readonly bytes: number
  readonly alarm: number | null
}

interface ObservedState extends ObjectState {
  readonly storage: ObjectStorage & { deleteAlarm(): Promise<void> }
}

/** The class as an app exports it, with a look inside for tests. */
export class ObservedUsage extends FareboxUsage {
  private readonly state: ObservedState

  constructor(state: ObservedState) {
    super(state)
    this.state = state
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return super.fetch(request)
    if (pathname === '/wake') await this.wake()
    return Response.json(await this.look())
  }

  /** As workerd does when the alarm is due: it is no longer set by then. */
  private async wake(): Promise<void> {
    await this.state.storage.deleteAlarm()
    await this.alarm()
  }

  private async look(): Promise<Kept> {
    const { sql } = this.state.storage
    const hasTable = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'farebox_usage'").toArray().length > 0
    return {
      rows: hasTable ? sql.exec('SELECT 1 FROM farebox_usage').toArray().length : null,
      bytes: Number(Reflect.get(sql, 'databaseSize')),
      alarm: await this.state.storage.getAlarm(),
    }
  }
}

/** Objects of which some fail: those of customers whose names begin with `unreachable`, or once with `lost` after they have answered. */
function failing(namespace: UsageNamespace): UsageNamespace {
  const names = new Map<unknown, string>()
  return {
    idFromName(name) {
      const id = namespace.idFromName(name)
      names.set(id, name)
      return id
    },
    get(id) {
      const name = names.get(id) ?? ''
      return {
        async fetch(url, init) {
          if (name.startsWith('unreachable')) throw new Error('Durable Object is overloaded')
          const response = await namespace.get(id).fetch(url, init)
          if (!name.startsWith('lost') || answered.has(name)) return response
          answered.add(name)
          throw new Error('Network connection lost')
        },
      }
    },
  }
}

const answered = new Set<string>()

/** Puts a test's questions to objects; `/look` and `/wake` go to the object of the customer in the body. */
export const worker = {
  async fetch(request: Request, { USAGE }: Environment): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/') {
      return answerQuestion((clock) => durableObjectStore({ namespace: failing(USAGE), ...(clock !== undefined && { clock }) }).usage, request)
    }
    const customer = String(await request.json())
    const response = await USAGE.get(USAGE.idFromName(customer)).fetch(request.url, { method: 'POST', body: '' })
    return Response.json(await response.json())
  },
}
