import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ReserveOperation } from '../../ports/usage-store.ts'
import { type BrokenStore, alteredStore, force } from './broken-store.ts'

/** Faults in how a reservation ends, and in what goes back. */
export const brokenReservations: readonly BrokenStore[] = [
  {
    fault: 'loses what a release gives back',
    caughtBy: 'releases: release by draws gives each bucket back what it paid',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (operation.verb !== 'release' || outcome.kind !== 'ended' || outcome.repeated) return outcome
        for (const draw of outcome.drawn) await force(run, operation, { id: draw.bucket, kind: draw.kind }, draw.amount)
        return outcome
      }),
  },
  {
    fault: 'gives back what was drawn first, first',
    caughtBy: 'reservations: a settlement gives back what was drawn last first',
    create: (clock) => {
      const held = new Map<string, readonly Draw[]>()
      return alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (outcome.kind === 'taken' && outcome.reservation !== null) held.set(outcome.reservation, outcome.drawn)
        if (operation.verb !== 'settle' || outcome.kind !== 'ended' || outcome.repeated) return outcome
        const drawn = held.get(operation.reservation) ?? []
        const amount = drawn.reduce((sum, draw) => sum + draw.amount, 0)
        if (operation.amount >= amount) return outcome
        const { customer, feature } = operation
        await run({ verb: 'release', customer, feature, target: { by: 'drawn', drawn: outcome.drawn } })
        const kept = lastOf(drawn, operation.amount)
        for (const draw of kept) await force(run, operation, { id: draw.bucket, kind: draw.kind }, draw.amount)
        return { ...outcome, drawn: kept }
      })
    },
  },
  {
    fault: 'counts a settlement again when it is repeated',
    caughtBy: 'reservations: a repeated settlement counts nothing more; with another amount it is told what became of it',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (operation.verb !== 'settle' || outcome.kind !== 'ended' || !outcome.repeated) return outcome
        for (const draw of outcome.drawn) await force(run, operation, { id: draw.bucket, kind: draw.kind }, draw.amount)
        return outcome
      }),
  },
  {
    fault: 'settles any amount',
    caughtBy: 'overdraft: more than held and overdraft together is over: nothing changes, and the most is told',
    create: (clock) =>
      alteredStore(clock, async (operation, run) =>
        run(operation.verb === 'reserve' ? { ...operation, overdraft: 1_000_000 } : operation),
      ),
  },
  {
    fault: 'counts an overdraft apart although there was room',
    caughtBy: 'overdraft: a settlement above what is held draws from its own buckets first, in burn order',
    create: (clock) => {
      const reserved = new Map<string, ReserveOperation>()
      return alteredStore(clock, async (operation, run) => {
        if (operation.verb === 'reserve') reserved.set(operation.reservation, operation)
        const call = operation.verb === 'settle' ? reserved.get(operation.reservation) : undefined
        if (operation.verb !== 'settle' || call === undefined || operation.amount <= call.amount) return run(operation)
        const outcome = await run({ ...operation, amount: call.amount })
        await force(run, operation, call.overdraftBucket, operation.amount - call.amount)
        return outcome
      })
    },
  },
  {
    fault: 'counts only what the first bucket held when a reservation expires',
    caughtBy: 'expiry: what several buckets hold is ended in each of them',
    create: (clock) => {
      /** What is to be counted when it expires, by when that is. */
      const ends: { readonly operation: ReserveOperation; readonly expiresAt: Instant; readonly others: readonly Draw[] }[] = []
      const altered = alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        const isCounted = operation.verb === 'reserve' && operation.onExpiry === 'settle'
        if (isCounted && outcome.kind === 'taken' && outcome.expiresAt !== null && !outcome.repeated) {
          ends.push({ operation, expiresAt: outcome.expiresAt, others: outcome.drawn.slice(1) })
        }
        return outcome
      })
      return {
        ...altered,
        async read(queries) {
          await altered.read(queries)
          for (const { operation: { customer, feature, reservation }, expiresAt, others: drawn } of ends) {
            if (expiresAt > clock.now()) continue
            const [end] = await altered.execute([{ verb: 'settle', customer, feature, reservation, amount: 0 }])
            if (end?.kind === 'unknown' && end.as === 'expired') await altered.execute([{ verb: 'release', customer, feature, target: { by: 'drawn', drawn } }])
          }
          return altered.read(queries)
        },
      }
    },
  },
  {
    fault: 'takes an id again once it was released',
    caughtBy: "reservations: a reservation's id is used once",
    create: (clock) => {
      const released = new Set<string>()
      return alteredStore(clock, async (operation, run) => {
        if (operation.verb === 'release' && operation.target.by === 'reservation') released.add(operation.target.reservation)
        const isAgain = operation.verb === 'reserve' && released.delete(operation.reservation)
        return run(isAgain ? { ...operation, reservation: `${operation.reservation}, again` } : operation)
      })
    },
  },
]

function lastOf(drawn: readonly Draw[], amount: number): readonly Draw[] {
  let rest = amount
  return drawn.toReversed().flatMap((draw) => {
    const part = Math.min(draw.amount, rest)
    rest -= part
    return part > 0 ? [{ ...draw, amount: part }] : []
  })
}
