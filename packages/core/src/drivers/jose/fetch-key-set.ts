import type { Milliseconds } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PublicKeySet } from '../../ports/auth.ts'
import { isObject } from './compact-token.ts'

/** `fetch`, or something in its place. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>

const longestBody = 64 * 1024
const mostKeys = 50

/**
 * Reads a published key set: one request, no redirect, at most 64 KB and 50 keys.
 *
 * @throws FareboxError `unavailable` for anything else than a key set within `timeout`.
 */
export async function fetchKeySet(url: string, fetch: Fetch, timeout: Milliseconds): Promise<PublicKeySet> {
  const signal = AbortSignal.timeout(timeout)
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(unavailable()), { once: true })
  })
  try {
    const headers = { accept: 'application/jwk-set+json, application/json' }
    return await Promise.race([fetch(url, { headers, redirect: 'manual', signal }).then(readKeySet), ended])
  } catch {
    throw unavailable()
  }
}

async function readKeySet(response: Response): Promise<PublicKeySet> {
  if (response.status !== 200) throw unavailable()
  const value: unknown = JSON.parse(await readText(response))
  if (!isObject(value) || !Array.isArray(value['keys'])) throw unavailable()
  const keys: readonly unknown[] = value['keys']
  if (keys.length > mostKeys) throw unavailable()
  return { keys: keys.filter(isObject) }
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  let length = 0
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.byteLength
    if (length > longestBody) {
      await reader.cancel()
      throw unavailable()
    }
    text += decoder.decode(value, { stream: true })
  }
}

export function unavailable(): FareboxError {
  return new FareboxError('unavailable', 'The keys of the issuer cannot be fetched', { reason: 'keys-unavailable' })
}
