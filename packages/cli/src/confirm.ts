import type { Terminal } from './terminal.ts'

/** Whether a person says yes to changes. A live account is not changed on a word at a prompt: it needs `--yes`. */
export async function isConfirmed(mode: 'test' | 'live', count: number, terminal: Terminal): Promise<boolean> {
  if (mode === 'live') {
    terminal.complain('This is a live key: customers see these changes at once. Look at them, then add --yes.')
    return false
  }
  if (terminal.ask === null) {
    terminal.complain('There is nobody to ask here: add --yes to push, or --dry-run to look.')
    return false
  }
  const answer = await terminal.ask(`Make ${count === 1 ? 'this change' : `these ${count} changes`} in Stripe? [y/N] `)
  return /^y(es)?$/i.test(answer.trim())
}
