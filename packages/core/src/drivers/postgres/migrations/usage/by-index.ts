/**
 * Clauses of functions that find rows by their keys, however many there are: a plan that was made while a table was empty,
 * or of which nothing is known yet, would read all of it.
 */
export const byIndex = 'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off'
