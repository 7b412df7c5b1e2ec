import type { ReconcileFinding, ReconcileReport } from '@farebox/core'
import { describeFinding } from './describe-finding.ts'
import { loadFarebox } from './load-catalog.ts'
import type { Terminal } from './terminal.ts'

/** What `farebox reconcile` is asked to do. */
export interface ReconcileOptions {
  readonly folder: string
  readonly config: string | undefined
  readonly dryRun: boolean
  readonly json: boolean
  /** Where a former run was stopped. */
  readonly cursor: string | undefined
  /** How many customers a second are begun with, at most. */
  readonly customersPerSecond: number | undefined
}

/** `left`: something is not as it should be, and a person has to look at it. `stopped`: Stripe or the store did not answer. */
export type ReconcileOutcome = 'same' | 'repaired' | 'left' | 'stopped'

/** So much at a time that a person sees it move. */
const page = 100

/**
 * Compares everything that the app has stored with Stripe, and repairs it. Works through the app's own store and Stripe
 * client, as its file makes them.
 *
 * @throws FareboxError `invalid-configuration` where the file cannot be loaded or exports no farebox, and what it throws.
 */
export async function reconcile({ folder, config, dryRun, json, cursor, customersPerSecond }: ReconcileOptions, terminal: Terminal): Promise<ReconcileOutcome> {
  const { farebox, file } = await loadFarebox(folder, config)
  try {
    if (!json) terminal.print(`${file} beside Stripe${dryRun ? ', changing nothing' : ''}\n`)
    const findings: ReconcileFinding[] = []
    let customers = 0
    let report: ReconcileReport
    let next = cursor ?? null
    const pace = customersPerSecond === undefined ? {} : { customersPerSecond }
    do {
      report = await farebox.reconcile({ dryRun, limit: page, ...pace, ...(next !== null && { cursor: next }) })
      findings.push(...report.findings)
      customers += report.customers
      if (!json) for (const finding of report.findings) terminal.print(describeFinding(finding))
      next = report.cursor
    } while (next !== null && report.stopped === null)
    const { stopped } = report
    const outcome = stopped === null ? outcomeOf(findings) : 'stopped'
    const end = { dryRun, outcome, customers, cursor: next, stopped }
    // Whoever goes on behind a cursor may have passed all customers.
    const isEmpty = cursor === undefined && customers === 0 && findings.some(({ kind }) => kind === 'unlinked-customer')
    if (json) terminal.print(JSON.stringify({ ...end, ...(isEmpty && { hint: emptyStore }), findings }, null, 2))
    else terminal.print(`${sentenceOf(end, findings)}${isEmpty ? `\n${emptyStore}` : ''}`)
    return outcome
  } finally {
    await farebox.close()
  }
}

/** Said where Stripe has customers of the app and the store has none: that is so once, or with the wrong store each time. */
const emptyStore =
  'The store knew no customer. Is it the one that the app runs with? What memoryStore() keeps ends with this command, so that the next one finds the same again.'

function outcomeOf(findings: readonly ReconcileFinding[]): ReconcileOutcome {
  if (findings.length === 0) return 'same'
  return findings.every(({ repaired }) => repaired) ? 'repaired' : 'left'
}

interface End {
  readonly dryRun: boolean
  readonly outcome: ReconcileOutcome
  readonly customers: number
  readonly cursor: string | null
  readonly stopped: string | null
}

function sentenceOf({ dryRun, outcome, customers, cursor, stopped }: End, findings: readonly ReconcileFinding[]): string {
  const compared = `\n${customers} ${customers === 1 ? 'customer' : 'customers'} compared`
  const left = findings.filter(({ repaired }) => !repaired).length
  switch (outcome) {
    case 'same':
      return `${compared}: all is as Stripe says.`
    case 'repaired':
      return `${compared}, ${findings.length} repaired.`
    case 'left':
      return dryRun
        ? `${compared}, ${left} found. This was a dry run: nothing was changed.`
        : `${compared}, ${findings.length - left} repaired, ${left} left to you.`
    case 'stopped':
      return `${compared}, then it stopped (${stopped ?? 'unavailable'}). Go on later with --cursor '${cursor ?? ''}'`
    default:
      return outcome satisfies never
  }
}
