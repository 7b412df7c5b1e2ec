/**
 * One rule of a port, and how to try it on a store: a test for any runner. `run` throws where the rule is broken.
 * `skipped` says why a rule cannot be tried on this store; print it.
 */
export interface ContractCase {
  readonly name: string
  readonly skipped: string | null
  readonly run: () => Promise<void>
}
