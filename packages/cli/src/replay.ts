import type { ReplayOutcome } from '@farebox/core'
import { loadFarebox } from './load-catalog.ts'
import type { Terminal } from './terminal.ts'

/** What `farebox replay` is asked to do. */
export interface ReplayOptions {
  readonly folder: string
  readonly config: string | undefined
  readonly json: boolean
}

/**
 * Tries every event again that was put aside; `left` where one failed again. Works through the app's own store and Stripe
 * client, as its file makes them.
 *
 * @throws FareboxError `invalid-configuration` where the file cannot be loaded or exports no farebox, and what it throws.
 */
export async function replay({ folder, config, json }: ReplayOptions, terminal: Terminal): Promise<'done' | 'left'> {
  const { farebox } = await loadFarebox(folder, config)
  try {
    const outcomes = await farebox.replay()
    const left = outcomes.filter(isLeft).length
    if (json) terminal.print(JSON.stringify({ outcomes }, null, 2))
    else terminal.print([...outcomes.map(describe), sentenceOf(outcomes.length, left)].join('\n'))
    return left === 0 ? 'done' : 'left'
  } finally {
    await farebox.close()
  }
}

/** Said where there is nothing to do, for with the wrong store there never is. */
const emptyStore =
  'If health says otherwise, this is not the store that the app runs with. What memoryStore() keeps is in the running app alone: call farebox.replay() there.'

function isLeft({ failure, kind }: ReplayOutcome): boolean {
  return failure !== null || kind === 'in-progress'
}

function describe(outcome: ReplayOutcome): string {
  const { customer, event, type, kind, failure } = outcome
  return `${isLeft(outcome) ? '?' : '~'} ${customer}: event ${event} (${type}) ${failure === null ? kind : `failed again: ${failure}`}`
}

function sentenceOf(all: number, left: number): string {
  if (all === 0) return `No event was put aside.\n${emptyStore}`
  return left === 0 ? `${all} of ${all} done.` : `${all - left} of ${all} done; the others stay put aside.`
}
