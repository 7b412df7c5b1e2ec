import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import { AnswerReader } from './answer-reader.ts'
import { type Script, type ScriptRunner, scriptOf } from './client.ts'
import { decodeUndone } from './decode-answers.ts'
import { encodeCall } from './encode-call.ts'
import { documentKey, slotOf } from './key-names.ts'
import type { Question, Share } from './question.ts'
import { unavailable } from './redis-failure.ts'
import { usageScript } from './script/usage-script.ts'

/** Reads what the script answered to a question that it did not leave undone. */
export type Decode<Item, Answer> = (code: number, item: Item, reader: AnswerReader, now: number) => Answer

/** Puts questions to the script, those about one customer as one step, and answers them in their order. */
export interface AskScript {
  <Item extends Question, Answer>(
    items: readonly Item[],
    decode: Decode<Item, Answer>,
  ): Promise<readonly (Answer | FareboxError)[]>
}

export function createAskScript(runner: ScriptRunner, prefix: string, clock: Clock | undefined): AskScript {
  const script: Script = scriptOf(usageScript)

  return async <Item extends Question, Answer>(items: readonly Item[], decode: Decode<Item, Answer>) => {
    const answers: (Answer | FareboxError)[] = []

    /** Fills in the answers, and says which shares need more keys than they named. */
    async function call(shares: readonly Share<Item>[]): Promise<readonly Share<Item>[]> {
      const { keys, values } = encodeCall(shares, clock?.now())
      const reader = new AnswerReader(await runner.run(script, keys, values))
      const now = reader.number()
      const again: Share<Item>[] = []
      for (const share of shares) {
        for (const [index, item] of share.items.entries()) {
          const code = reader.number()
          const undone = decodeUndone(code, reader)
          const place = share.places[index] ?? 0
          if (undone === undefined) answers[place] = decode(code, item, reader, now)
          else if (undone.isAgain) again[again.length - 1] === share || again.push(share)
          else answers[place] = undone.error
        }
      }
      return again
    }

    async function settle(shares: readonly Share<Item>[]): Promise<void> {
      try {
        const again = await call(shares)
        for (const share of again) share.isSided = true
        if (again.length > 0 && (await call(again)).length > 0) throw new FareboxError('unavailable', 'Redis did not get ready')
      } catch (cause) {
        const error = unavailable(cause)
        for (const share of shares) for (const place of share.places) answers[place] ??= error
      }
    }

    const shares = shareOut(items, prefix)
    await Promise.all((runner.isCluster ? bySlot(shares) : [shares]).map(settle))
    return answers
  }
}

/** The questions by customer, in the order in which customers were first named. */
function shareOut<Item extends Question>(items: readonly Item[], prefix: string): readonly Share<Item>[] {
  const shares = new Map<string, Share<Item>>()
  for (const [place, item] of items.entries()) {
    let share = shares.get(item.customer)
    if (share === undefined) {
      share = { document: documentKey(prefix, item.customer), items: [], places: [], isSided: false }
      shares.set(item.customer, share)
    }
    share.items.push(item)
    share.places.push(place)
    if (!share.isSided) share.isSided = needsSideKeys(item)
  }
  return [...shares.values()]
}

function needsSideKeys(item: Question): boolean {
  switch (item.verb) {
    case 'consume':
    case 'read':
    case 'raise':
      return false
    case 'release':
      return item.target.by !== 'drawn'
    case 'reserve':
    case 'settle':
    case 'history':
    case 'sweep':
    case 'forget':
      return true
    default:
      return item satisfies never
  }
}

/** Redis Cluster takes one call a slot; they go out together. */
function bySlot<Item extends Question>(shares: readonly Share<Item>[]): readonly (readonly Share<Item>[])[] {
  const slots = new Map<number, Share<Item>[]>()
  for (const share of shares) {
    const slot = slotOf(share.document)
    const known = slots.get(slot)
    if (known === undefined) slots.set(slot, [share])
    else known.push(share)
  }
  return [...slots.values()]
}
