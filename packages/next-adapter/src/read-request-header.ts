import { FareboxError, type ReadHeader } from '@farebox/core'
import { headers } from 'next/headers.js'

/**
 * The header fields of the request that is being answered.
 *
 * @throws FareboxError `invalid-configuration` inside `use cache` and `unstable_cache`, whose results are shared by callers.
 */
export async function readRequestHeader(): Promise<ReadHeader> {
  const fields = await requestHeaders()
  return (name) => fields.get(name)
}

async function requestHeaders(): Promise<Awaited<ReturnType<typeof headers>>> {
  try {
    return await headers()
  } catch (cause) {
    // Anything else is Next's own signal, such as leaving a static render, and must reach Next as it is.
    if (!(cause instanceof Error) || !/use cache|unstable_cache/.test(cause.message)) throw cause
    throw new FareboxError('invalid-configuration', 'A guard was called in a cached scope, where nobody is asking', {
      reason: 'cached-scope',
      faults: [{ path: 'use cache', message: 'Guard outside of the cached function, and give it the customer as an argument' }],
      cause,
    })
  }
}
