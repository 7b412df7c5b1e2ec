// Checks that docs/billing/stripe-events.md says what the code does with each type of event; `--write` makes it so.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventRules, thinWebhookEvents, webhookEvents } from '../packages/core/src/drivers/stripe/event-types.ts'
import { root } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

export const file = join(root, 'docs', 'billing', 'stripe-events.md')

const meanings = {
  converge: 'the customer is read again, and what is true is stored',
  warn: 'the log tells of it',
  ignore: 'acknowledged, and no trace is left',
}

/** @returns {string} */
export function renderEvents() {
  const rows = eventRules.map(({ types, use, reason }) => `| ${types.map((type) => `\`${type}\``).join(', ')} | ${use} | ${reason} |`)
  return [
    '# Which events of Stripe are used, and why',
    '',
    'Written by `node tools/stripe-events.mjs --write` from `packages/core/src/drivers/stripe/event-types.ts`, by which deliveries are taken.',
    '',
    ...Object.entries(meanings).map(([use, meaning]) => `- **${use}**: ${meaning}.`),
    '',
    'Thin events have the same names behind `v1.`. A type that is not in the table is ignored. The first row that fits counts.',
    '',
    '| types | use | why |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'An endpoint for snapshot events is sent these (`webhookEvents`):',
    '',
    '```text',
    ...webhookEvents,
    '```',
    '',
    'A destination for thin events is sent these (`thinWebhookEvents`):',
    '',
    '```text',
    ...thinWebhookEvents,
    '```',
    '',
  ].join('\n')
}

if (import.meta.main) {
  const rendered = renderEvents()
  const faults = []
  if (process.argv.includes('--write')) writeFileSync(file, rendered)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== rendered) {
    faults.push('docs/billing/stripe-events.md is not what the code does: node tools/stripe-events.mjs --write')
  }
  conclude(faults, `events: ${eventRules.length} rules of what Stripe sends`)
}
