/** Bodies of answers to GET requests, kept for as long as nothing is written and no time passes: they would come out the same. */
export interface ReadMemory {
  find(request: string): string | undefined
  keep(request: string, body: string): void
}

/** A memory that is empty again as soon as `moment` answers anything else. */
export function createReadMemory(moment: () => string): ReadMemory {
  const bodies = new Map<string, string>()
  let since = ''
  const forgetOld = (): void => {
    const now = moment()
    if (now === since) return
    bodies.clear()
    since = now
  }
  return {
    find(request) {
      forgetOld()
      return bodies.get(request)
    },
    keep(request, body) {
      forgetOld()
      bodies.set(request, body)
    },
  }
}
