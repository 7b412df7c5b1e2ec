import { expect } from 'vitest'
import type { Decision, Draw, ReleaseOutcome } from '../../src/index.ts'
import type { Instant } from '../../src/domain/instant.ts'
import type { Journey } from './distant-store.ts'

interface Block {
  readonly amount: number
  /** Whether the instance got to know of it. */
  readonly isTold: boolean
  /** What the instance said of it, some of which may still be travelling. */
  readonly settlements: Journey[]
}

interface Key {
  readonly countedAt: Instant
  isTold: boolean
}

/** One life of an instance, until it is started again. */
export interface Life {
  readonly blocks: Block[]
  /** What its callers were granted, the store having counted nothing for them but a block. */
  paid: number
}

/**
 * What callers were told, what the store did and what was lost between them, each counted for itself. Calls are recorded one
 * at a time: with everything that travelled meanwhile.
 */
export interface LeaseBooks {
  begin(): Life
  calls(life: Life, decisions: readonly Decision[], amount: number, journeys: readonly Journey[]): void
  /** A key is counted once, however often it is told; how a second try is told is decided in docs/decisions/0018. */
  keyed(key: string, decision: Decision, journeys: readonly Journey[], now: Instant): void
  /** `outcome` is `undefined` where it was lost. */
  release(life: Life, outcome: ReleaseOutcome | undefined, journeys: readonly Journey[]): void
  /** What travels for no caller: what was spent of blocks. */
  settle(journeys: readonly Journey[]): void
  /** Checks the books; answers what they say of the store and of the callers. */
  check(): { readonly stored: number; readonly granted: number; readonly lost: number }
}

export function createLeaseBooks(): LeaseBooks {
  const lives: Life[] = []
  const blocks = new Map<string, Block>()
  const keys = new Map<string, Key>()
  /** By the store, for each caller alone: told, and lost on the way back. */
  let direct = 0
  let untold = 0
  let releasedInStore = 0
  let granted = 0

  function settle(journeys: readonly Journey[]): void {
    for (const journey of journeys) {
      const { operation } = journey
      const block = operation.verb === 'settle' ? blocks.get(operation.reservation) : undefined
      if (block === undefined) continue
      block.settlements.push(journey)
      if (block.settlements.length > 1) expect(spentOf(journey), 'said again of the same block').toBe(spentOf(block.settlements[0]))
    }
  }

  /** Answers what the store told each caller for itself. */
  function count(life: Life, journeys: readonly Journey[]): number {
    let told = 0
    for (const { operation, outcome, isTold } of journeys) {
      if (outcome?.kind !== 'taken') continue
      if (operation.verb === 'reserve') {
        const block: Block = { amount: operation.amount, isTold, settlements: [] }
        blocks.set(operation.reservation, block)
        life.blocks.push(block)
      }
      if (operation.verb !== 'consume') continue
      if (isTold) told += operation.amount
      else untold += operation.amount
    }
    direct += told
    settle(journeys)
    return told
  }

  /** One block at most is open, and what callers were granted beyond what was said of the others is out of that. */
  function checkOpen({ blocks: taken, paid }: Life): void {
    const open = taken.filter(({ isTold, settlements }) => isTold && settlements.length === 0)
    const spent = paid - taken.reduce((sum, { settlements }) => sum + spentOf(settlements[0]), 0)
    const isRight = open.length <= 1 && spent >= 0 && spent <= (open[0]?.amount ?? 0)
    expect(isRight, `${spent} spent of open blocks ${open.map(({ amount }) => amount).join()}`).toBe(true)
  }

  return {
    begin() {
      const life: Life = { blocks: [], paid: 0 }
      lives.push(life)
      return life
    },
    calls(life, decisions, amount, journeys) {
      const allowed = decisions.filter((decision) => decision.allowed).length * amount
      granted += allowed
      life.paid += allowed - count(life, journeys)
    },
    keyed(name, decision, journeys, now) {
      settle(journeys)
      const tries = journeys.filter(({ operation }) => operation.verb === 'consume')
      const known = keys.get(name)
      const counted = tries.filter(({ outcome }) => outcome?.kind === 'taken' && !outcome.repeated)
      expect(counted.length, `times that ${name} was counted`).toBeLessThanOrEqual(known === undefined ? 1 : 0)
      const key = known ?? { countedAt: now, isTold: false }
      if (counted.length > 0) keys.set(name, key)
      if (!decision.allowed) return
      expect(keys.has(name), `${name} is counted if it was granted`).toBe(true)
      const isOurs = known === undefined || (tries.length > 1 && now - known.countedAt <= 1)
      expect(decision.repeated, `${name} is told as ${isOurs ? 'counted now' : 'counted before'}`).toBe(!isOurs)
      if (!key.isTold) granted += 1
      key.isTold = true
    },
    release(life, outcome, journeys) {
      const tries = journeys.filter(({ operation }) => operation.verb === 'release')
      const stored = tries.reduce((sum, { outcome: done }) => sum + (done?.kind === 'ended' ? sumOf(done.drawn) : 0), 0)
      settle(journeys)
      releasedInStore += stored
      // Where nothing travelled, it went back into the block.
      const local = outcome?.kind === 'released' && tries.length === 0 ? outcome.amount : 0
      life.paid -= local
      granted -= stored + local
    },
    settle,
    check() {
      const untoldKeys = [...keys.values()].filter(({ isTold }) => !isTold).length
      let stored = direct + untold + keys.size - releasedInStore
      let lost = untold + untoldKeys
      for (const life of lives) {
        const counted = life.blocks.reduce((sum, block) => sum + countedOf(block), 0)
        checkOpen(life)
        stored += counted
        lost += counted - life.paid
      }
      return { stored, granted, lost }
    },
  }
}

function sumOf(drawn: readonly Draw[]): number {
  return drawn.reduce((sum, { amount }) => sum + amount, 0)
}

/** What the instance said was spent of a block. */
function spentOf(settlement: Journey | undefined): number {
  return settlement?.operation.verb === 'settle' ? settlement.operation.amount : 0
}

/** What the store holds or has counted of a block: all of it, until it is told less. */
function countedOf({ amount, settlements }: Block): number {
  const ended = settlements.find(({ outcome }) => outcome?.kind === 'ended')
  return ended?.outcome?.kind === 'ended' ? ended.outcome.amount : amount
}
