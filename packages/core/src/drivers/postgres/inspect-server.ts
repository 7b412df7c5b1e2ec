import type { Query, Statement } from './client.ts'

const names = ['default_transaction_isolation', 'synchronous_commit']

const statement: Statement = {
  name: 'farebox_settings',
  text: `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
}

/** What about the settings of this role and database refuses calls, or loses more than one would think. */
export async function inspectServer(query: Query): Promise<readonly string[]> {
  const [settings = {}] = await query(statement, [])
  const { default_transaction_isolation: isolation, synchronous_commit: synchronous } = settings
  const warnings: string[] = []
  if (isolation === 'repeatable read' || isolation === 'serializable') {
    warnings.push(
      `Calls that meet at one customer fail each other (default_transaction_isolation is ${isolation}): give Farebox a role or connections with read committed`,
    )
  }
  if (synchronous === 'off') {
    warnings.push('When PostgreSQL crashes, the last moments of what was counted are lost: set synchronous_commit to on if that is too much')
  }
  return warnings
}
