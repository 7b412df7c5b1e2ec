/**
 * Clauses of functions that find rows by their keys, however many there are: a plan that was made while a table was empty,
 * or of which nothing is known yet, would read all of it. One plan is made for all calls: planning each time anew for the
 * lists at hand, as the server would for short ones, costs more than counting does.
 */
export const byIndex = [
  'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off',
  'set plan_cache_mode = force_generic_plan',
].join(' ')
