import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ConsumeOperation } from '../../ports/usage-store.ts'
import { AnswerReader } from './answer-reader.ts'
import { createCallNumbers } from './call-numbers.ts'
import { type Script, type ScriptRunner, scriptOf } from './client.ts'
import { decodeFailure } from './decode-answers.ts'
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
  const numbers = createCallNumbers(prefix)

  return async <Item extends Question, Answer>(questions: readonly Item[], decode: Decode<Item, Answer>) => {
    const answers: (Answer | FareboxError)[] = []

    /** Fills in the answers, and says which shares need more keys than they named. */
    async function call(shares: readonly Share<Item>[], slot: number | null): Promise<readonly Share<Item>[]> {
      const quick = shares.filter((share) => share.isQuick && !share.isSided)
      const thorough = quick.length === shares.length ? [] : shares.filter((share) => !share.isQuick || share.isSided)
      const number = shares.some(isCounting) ? numbers.next(slot) : null
      const { keys, values } = encodeCall(quick, thorough, clock?.now(), number)
      const reader = new AnswerReader(await runner.run(script, keys, values))
      number?.confirm()
      const now = reader.number()
      const rest = quick.filter((share) => !readQuick(share, reader, now))
      const later = rest.filter((share) => !readQuick(share, reader, now))
      const again: Share<Item>[] = []
      for (const share of [...later, ...thorough]) if (!readEach(share, reader, now)) again.push(share)
      return again
    }

    /** Answers false where the share is answered later, like the thorough ones. */
    function readQuick({ items, places }: Share<Item>, reader: AnswerReader, now: number): boolean {
      let left = 0
      let used = 0
      for (const [index, item] of items.entries()) {
        let code = used
        if (left === 0) {
          code = reader.number()
          if (code === 0) return false
          if (code === -16) {
            left = reader.number()
            used = reader.number()
          }
        }
        if (left > 0) {
          left -= 1
          used += 'amount' in item ? item.amount : 0
          code = used
        }
        answers[places[index] ?? 0] = decode(code, item, reader, now)
      }
      return true
    }

    /** Answers false where the share has to be asked again. */
    function readEach({ items, places }: Share<Item>, reader: AnswerReader, now: number): boolean {
      let isAgain = false
      for (const [index, item] of items.entries()) {
        const code = reader.number()
        const place = places[index] ?? 0
        if (code === 0) isAgain = true
        else answers[place] = code === -9 ? decodeFailure(reader) : decode(code, item, reader, now)
      }
      return !isAgain
    }

    async function settle(shares: readonly Share<Item>[], slot: number | null): Promise<void> {
      try {
        const again = await call(shares, slot)
        for (const share of again) share.isSided = true
        if (again.length > 0 && (await call(again, slot)).length > 0) throw new FareboxError('unavailable', 'Redis did not get ready')
      } catch (cause) {
        const error = unavailable(cause)
        for (const share of shares) for (const place of share.places) answers[place] ??= error
      }
    }

    if (questions.length === 0) return answers
    const shares = shareOut(questions, prefix)
    if (!runner.isCluster) await settle(shares, null)
    else await Promise.all(Array.from(bySlot(shares), async ([slot, some]) => settle(some, slot)))
    return answers
  }
}

/** The questions by customer, in the order in which customers were first named. */
function shareOut<Item extends Question>(items: readonly Item[], prefix: string): readonly Share<Item>[] {
  const shares = new Map<string, Share<Item>>()
  for (const [place, item] of items.entries()) {
    let share = shares.get(item.customer)
    if (share === undefined) {
      share = { document: documentKey(prefix, item.customer), items: [], places: [], isQuick: true, isSided: false }
      shares.set(item.customer, share)
    }
    share.items.push(item)
    share.places.push(place)
    if (item.verb === 'consume') continue
    share.isQuick = false
    if (!share.isSided) share.isSided = needsSideKeys(item)
  }
  return [...shares.values()]
}

function needsSideKeys(item: Exclude<Question, ConsumeOperation>): boolean {
  switch (item.verb) {
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

/** Whether it may do something that must not be done twice. */
function isCounting({ items }: Share<Question>): boolean {
  return items.some(({ verb }) => verb === 'consume' || verb === 'reserve' || verb === 'settle' || verb === 'release')
}

/** Redis Cluster takes one call a slot; they go out together. */
function bySlot<Item extends Question>(shares: readonly Share<Item>[]): ReadonlyMap<number, readonly Share<Item>[]> {
  const slots = new Map<number, Share<Item>[]>()
  for (const share of shares) {
    const slot = slotOf(share.document)
    const known = slots.get(slot)
    if (known === undefined) slots.set(slot, [share])
    else known.push(share)
  }
  return slots
}
