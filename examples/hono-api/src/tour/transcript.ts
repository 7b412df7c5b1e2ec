/** One step of the tour as it went: what was promised, and what was seen. */
export interface TourStep {
  readonly title: string
  readonly isAsPromised: boolean
  readonly seen: readonly string[]
}

/** Collects steps, and prints each one as it happens unless it is for machines. */
export interface Transcript {
  readonly steps: readonly TourStep[]
  /** Runs a step. It is as promised when nothing in it throws. */
  step<Result>(title: string, act: (saw: (line: string) => void) => Promise<Result>): Promise<Result>
}

export function createTranscript(print: (line: string) => void): Transcript {
  const steps: TourStep[] = []
  return {
    steps,
    async step(title, act) {
      const seen: string[] = []
      print(`\n${steps.length + 1}. ${title}`)
      const saw = (line: string): void => {
        seen.push(line)
        print(`   ${line}`)
      }
      try {
        const result = await act(saw)
        steps.push({ title, isAsPromised: true, seen })
        return result
      } catch (error) {
        saw(`NOT AS PROMISED: ${error instanceof Error ? error.message : 'unknown'}`)
        steps.push({ title, isAsPromised: false, seen })
        throw error
      }
    },
  }
}

/** @throws unless `actual` is what was promised. */
export function promised(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
}
