import { type PushStep, changesOf, planPush } from '@farebox/core/catalog'
import { type PriceIds, applyStep } from './apply-step.ts'
import { isConfirmed } from './confirm.ts'
import { type ConnectOptions, connectStripe } from './connect-stripe.ts'
import { describeStep } from './describe-step.ts'
import { loadCatalog } from './load-catalog.ts'
import { readState } from './read-state.ts'
import type { Terminal } from './terminal.ts'

/** What `farebox push` is asked to do. */
export interface PushOptions extends ConnectOptions {
  readonly folder: string
  readonly config: string | undefined
  readonly installation: string | undefined
  readonly dryRun: boolean
  readonly yes: boolean
  readonly json: boolean
}

/**
 * What became of a push. `refused`: something would have changed, and nobody said yes.
 */
export type PushOutcome = 'same' | 'pushed' | 'planned' | 'refused'

/**
 * Makes a Stripe account sell what the catalog says, after showing how. Nothing is written before it is confirmed;
 * nothing is ever deleted; what is already right is left alone.
 *
 * @throws FareboxError for a faulty catalog or configuration; the `stripe` package's errors as they are.
 */
export async function push(options: PushOptions, terminal: Terminal): Promise<PushOutcome> {
  const { installation, json } = options
  const { stripe, mode } = connectStripe(options)
  const { catalog, file } = await loadCatalog(options.folder, options.config)
  const steps = planPush(catalog, await readState(stripe, catalog, installation), installation)
  const changes = changesOf(steps)
  if (!json) terminal.print([`${file} to Stripe, ${mode} mode`, '', ...steps.map(describeStep), ''].join('\n'))
  const outcome = await decide()
  if (json) terminal.print(JSON.stringify({ file, mode, outcome, steps }, null, 2))
  else terminal.print(sentences[outcome])
  return outcome

  async function decide(): Promise<PushOutcome> {
    if (changes.length === 0) return 'same'
    if (options.dryRun) return 'planned'
    if (!(options.yes || (await isConfirmed(mode, changes.length, terminal)))) return 'refused'
    await apply(steps)
    return 'pushed'
  }

  async function apply(all: readonly PushStep[]): Promise<void> {
    const prices: PriceIds = new Map()
    for (const step of all) await applyStep(stripe, step, prices, installation)
  }
}

const sentences: Readonly<Record<PushOutcome, string>> = {
  same: 'Stripe already sells what the catalog says.',
  pushed: 'Stripe now sells what the catalog says.',
  planned: 'This was a dry run: nothing was changed.',
  refused: 'Nothing was changed.',
}
