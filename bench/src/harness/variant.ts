/** What one run of a variant showed. */
export interface Sample {
  readonly perSecond: number
  /** Processor time of this process, or of the server, for one operation, in microseconds. */
  readonly cpuMicroseconds: number
  /** Milliseconds; where the operation is a request or leaves the process. */
  readonly latency?: { readonly p50: number; readonly p99: number }
}

/** One way of doing what its group measures. */
export interface Variant {
  readonly name: string
  /** The least ratio to the floor that the project holds itself to. */
  readonly goal?: number
  /** Runs for about this many milliseconds. @throws Error when an answer is not what it should be. */
  run(milliseconds: number): Promise<Sample>
}

/** Variants of which the first is the floor: the least that the work can cost on this platform. */
export interface Group {
  readonly title: string
  readonly variants: readonly [Variant, ...Variant[]]
  /** How much longer than a loop in this process one run takes, and the run before it that does not count. */
  readonly scale?: { readonly run: number; readonly warmUp: number }
  readonly close?: () => Promise<void>
}
