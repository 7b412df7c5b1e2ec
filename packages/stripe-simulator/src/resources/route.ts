import type { Account } from '../account.ts'
import type { Rendered } from '../responses/render.ts'
import type { Simulation } from '../simulation.ts'

/** One API request that was authenticated and whose parameters were read by the published schema. */
export interface Call<Parameters> {
  /** The account that the request speaks for. */
  readonly account: Account
  /** The whole simulator, for what concerns more than one account. */
  readonly simulation: Simulation
  /** The object named in the path; empty on paths without one. */
  readonly id: string
  /** Where it was sent to, such as `/v1/customers`: the `url` of a list. */
  readonly path: string
  readonly parameters: Parameters
  /** Where the hosted pages are reached, such as `http://127.0.0.1:12111`. */
  readonly origin: string
}

/** How the simulator answers one published operation. */
export interface Route {
  /** The `object` of what is answered (of what is listed), where the published name of its type does not tell. */
  readonly answers: string | undefined
  /** Parameters that have their effect, such as `items.price`; each covers everything nested below it. */
  readonly supports: readonly string[]
  /** Parameters that are kept and answered but change nothing. */
  readonly echoes: readonly string[]
  /** The answer keeps the shape that it was given, whatever version the request asks for: events do. */
  readonly isShaped: boolean
  handle(call: Call<unknown>): Rendered
}

/** The routes of one resource, by operation: `products.create`. */
export type Routes = Readonly<Record<string, Route>>

/** Defines a route whose handler names the form of its parameters. */
export function route<Parameters>(definition: {
  readonly answers?: string
  readonly supports?: readonly string[]
  readonly echoes?: readonly string[]
  readonly isShaped?: boolean
  readonly handle: (call: Call<Parameters>) => Rendered
}): Route {
  return {
    answers: definition.answers,
    supports: definition.supports ?? [],
    echoes: definition.echoes ?? [],
    isShaped: definition.isShaped ?? false,
    // The parameters have the named form because they were read by the operation's published schema.
    handle: (call) => definition.handle(call as Call<Parameters>),
  }
}

/** Parameters that every list supports. */
export const pageParameters: readonly string[] = ['limit', 'starting_after', 'ending_before']
