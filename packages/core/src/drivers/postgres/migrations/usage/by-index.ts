/**
 * Clauses of functions that find rows by their keys, however many there are: a plan that was made while a table was empty,
 * or of which nothing is known yet, would read all of it.
 */
export const byIndex: string = 'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off'

/**
 * As {@link byIndex}, for rows that are named in lists: they are read in the order of their keys, each once, and then joined
 * to what is asked of them. That is the plan whatever is known of tables and lists, so it is made once.
 */
export const byLists: string = [
  'set enable_seqscan = off set enable_bitmapscan = off set enable_nestloop = off set enable_mergejoin = off',
  'set plan_cache_mode = force_generic_plan',
].join(' ')
