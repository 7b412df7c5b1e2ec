import { type FareboxError, isFareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageHistoryEntry, UsageOutcome, UsageReading, UsageStore, UsageSweep } from '../../ports/usage-store.ts'
import { addSweeps } from '../../storage/add-sweeps.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { periodStartOf } from '../../storage/rows/period-bucket.ts'
import { unescapeName } from '../../storage/rows/names.ts'
import { createAskScript } from './ask-script.ts'
import { type ScriptRunner, scriptOf } from './client.ts'
import { decodeGates, decodeOutcome, decodeStates } from './decode-answers.ts'
import { inspectServers } from './inspect-servers.ts'
import { documentKey } from './key-names.ts'
import { createRecentKeys } from './recent-keys.ts'
import { unavailable } from './redis-failure.ts'
import { forgetKeysScript } from './script/forget-keys.ts'

/** Counts in Redis, by one script. */
export function createUsageStore(runner: ScriptRunner, prefix: string, clock: Clock | undefined): UsageStore {
  const ask = createAskScript(runner, prefix, clock)
  const forgetting = scriptOf(forgetKeysScript)
  const recent = createRecentKeys()

  return {
    label: 'lossy-on-failover',
    // While Redis works on one call, the next one is put together and the last one is read.
    lanes: runner.lanes,
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      recent.note(operations)
      const answers = await ask(operations, decodeOutcome)
      if (answers.every(isOutcome)) return answers
      const [first] = answers
      if (isFareboxError(first) && answers.every(isFareboxError)) throw first
      return answers.map((answer): UsageOutcome => (isFareboxError(answer) ? { kind: 'failed', error: answer } : answer))
    },
    async read(queries) {
      const answers = await ask(
        queries.map((query) => ({ ...query, verb: 'read' as const })),
        (_, query, reader, now): UsageReading => {
          const marker = reader.number()
          const buckets = decodeStates(query.buckets, reader)
          return { now, marker: marker < 0 ? null : marker, buckets, gates: decodeGates(query.gates, reader, now) }
        },
      )
      return answers.map(orThrow)
    },
    async history(request) {
      const answers = await ask([{ ...request, verb: 'history' as const }], (_, __, reader) => {
        const entries: UsageHistoryEntry[] = []
        for (let left = reader.number(); left > 0; left -= 2) entries.push({ bucket: unescapeName(reader.text()), used: reader.number() })
        return entries.toSorted((one, other) => (periodStartOf(one.bucket) ?? 0) - (periodStartOf(other.bucket) ?? 0))
      })
      return answers.map(orThrow)[0] ?? []
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      const [answer] = await ask([{ verb: 'raise', customer, version }], () => undefined)
      if (answer !== undefined) throw answer
    },
    async sweep() {
      const answers = await ask(
        recent.list().map(([customer, keys]) => ({ verb: 'sweep' as const, customer, keys })),
        (_, __, reader): UsageSweep => ({
          reservations: reader.number(),
          keys: reader.number(),
          counters: reader.number(),
          markers: reader.number(),
        }),
      )
      return addSweeps(answers.map(orThrow))
    },
    async forget(customer) {
      // Nothing lists a customer's idempotency keys, so they are looked for by what their names begin with.
      let cursor = '0'
      do {
        cursor = await runner.run(forgetting, [documentKey(prefix, customer)], [cursor]).then(String, (error: unknown) => {
          throw unavailable(error)
        })
      } while (cursor !== '0')
    },
    inspect: async () => inspectServers(runner),
  }
}

function isOutcome(answer: UsageOutcome | FareboxError): answer is UsageOutcome {
  return !isFareboxError(answer)
}

function orThrow<Answer>(answer: Answer | FareboxError): Answer {
  if (isFareboxError(answer)) throw answer
  return answer
}
