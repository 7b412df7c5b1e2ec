import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import { AnswerReader } from './answer-reader.ts'
import { createCallNumbers } from './call-numbers.ts'
import { type Script, type ScriptRunner, scriptOf } from './client.ts'
import { decodeFailure } from './decode-answers.ts'
import { encodeCall } from './encode-call.ts'
import { slotOf } from './key-names.ts'
import type { Question, Share } from './question.ts'
import { unavailable } from './redis-failure.ts'
import { usageScript } from './script/usage-script.ts'
import { type SortedOut, shareOut, sortOut } from './share-out.ts'

/** Reads what the script answered to a question that it did not leave undone. */
export type Decode<Item, Answer> = (code: number, item: Item, reader: AnswerReader, now: number) => Answer

/** Puts questions to the script, those about one customer as one step, and answers them in their order. */
export interface AskScript {
  <Item extends Question, Answer>(
    items: readonly Item[],
    decode: Decode<Item, Answer>,
  ): Promise<readonly (Answer | FareboxError)[]>
}

/** Questions under way. What works on them is made once, for code that is made with each call is forgotten with it. */
interface Asking<Item extends Question, Answer> {
  readonly decode: Decode<Item, Answer>
  readonly answers: (Answer | FareboxError)[]
}

export function createAskScript(runner: ScriptRunner, prefix: string, clock: Clock | undefined): AskScript {
  const script: Script = scriptOf(usageScript)
  const numbers = createCallNumbers(prefix)
  /** Answers are read in one go, so one reader does for all. */
  const reader = new AnswerReader()

  /** Fills in the answers: asks once, and once more where shares need more keys than they named. */
  async function settle<Item extends Question, Answer>(
    asking: Asking<Item, Answer>,
    shares: readonly Share<Item>[],
    slot: number | null,
  ): Promise<readonly (Answer | FareboxError)[]> {
    const { answers } = asking
    try {
      let asked = shares
      for (let turn = 0; asked.length > 0; turn += 1) {
        if (turn === 2) throw new FareboxError('unavailable', 'Redis did not get ready')
        const sorted = sortOut(asked)
        const number = asked.some(isCounting) ? numbers.next(slot) : null
        const { keys, values } = encodeCall(sorted, clock?.now(), number)
        reader.open(await runner.run(script, keys, values))
        number?.confirm()
        asked = read(asking, sorted)
        for (const share of asked) share.isSided = true
      }
    } catch (cause) {
      const error = unavailable(cause)
      for (const share of shares) for (const place of share.places) answers[place] ??= error
    }
    return answers
  }

  /** Says which shares are still without answers. */
  function read<Item extends Question, Answer>(
    asking: Asking<Item, Answer>,
    { groups, quick, thorough }: SortedOut<Item>,
  ): readonly Share<Item>[] {
    const now = reader.number()
    const rest: Share<Item>[] = []
    for (const group of groups) for (const share of group.shares) if (!readAlike(asking, share, group.like.amount, now)) rest.push(share)
    if (rest.length === 0 && quick.length === 0 && thorough.length === 0) return rest
    const later = [...rest, ...quick].filter((share) => !readEach(asking, share, now))
    return [...later, ...thorough].filter((share) => !readEach(asking, share, now))
  }

  /** Answers false where the share is answered later. The first so many of its items were paid, and the others were not. */
  function readAlike<Item extends Question, Answer>(
    { answers, decode }: Asking<Item, Answer>,
    { items, places }: Share<Item>,
    amount: number,
    now: number,
  ): boolean {
    const code = reader.number()
    if (code === 0) return false
    const granted = code > 0 ? items.length : reader.number()
    const used = code > 0 ? code : reader.number()
    let index = 0
    for (const item of items) {
      const ownCode = index < granted ? used - amount * (granted - 1 - index) : reader.number()
      answers[places[index] ?? 0] = decode(ownCode, item, reader, now)
      index += 1
    }
    return true
  }

  /** Answers false where the share is answered later, or has to be asked again. */
  function readEach<Item extends Question, Answer>(
    { answers, decode }: Asking<Item, Answer>,
    { items, places }: Share<Item>,
    now: number,
  ): boolean {
    for (const [index, item] of items.entries()) {
      const code = reader.number()
      if (code === 0) return false
      answers[places[index] ?? 0] = code === -9 ? decodeFailure(reader) : decode(code, item, reader, now)
    }
    return true
  }

  return (questions, decode) => {
    const asking = { decode, answers: [] }
    const shares = shareOut(questions, prefix)
    if (!runner.isCluster) return settle(asking, shares, null)
    return Promise.all(Array.from(bySlot(shares), ([slot, some]) => settle(asking, some, slot))).then(() => asking.answers)
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
