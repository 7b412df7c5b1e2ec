import type { Query } from './client.ts'

const text = "select current_setting('default_transaction_isolation') as isolation, current_setting('synchronous_commit') as synchronous"

/** What about the settings of this role and database refuses calls, or loses more than one would think. */
export async function inspectServer(query: Query): Promise<readonly string[]> {
  const [{ isolation, synchronous } = {}] = await query({ text }, [])
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
