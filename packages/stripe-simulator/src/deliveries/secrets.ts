import type { Account } from '../account.ts'
import { invalidRequest, missingResource } from '../errors.ts'
import type { SigningSecret } from '../objects.ts'

const longestOverlap = 24

/** The secrets that sign at an instant (seconds), the newest first. */
export function signingSecrets(secrets: readonly SigningSecret[], now: number): string[] {
  return secrets.filter(({ until }) => until === null || until > now).map(({ secret }) => secret)
}

/**
 * Gives a webhook endpoint or an event destination a new secret, as the Dashboard does, and answers it. The former one signs
 * along for `overlapHours` (0 to 24) more hours of simulated time.
 */
export function rollSecret(account: Account, id: string, overlapHours: number = longestOverlap): string {
  if (!(overlapHours >= 0 && overlapHours <= longestOverlap)) {
    throw invalidRequest(`overlapHours must be a number from 0 to ${longestOverlap}`, { param: 'overlapHours' })
  }
  const { webhookEndpoints, eventDestinations } = account.store
  const secret = account.identifiers.next('whsec')
  const until = account.timelines.main.seconds() + overlapHours * 3600
  const endpoint = webhookEndpoints.find(id)
  const destination = eventDestinations.find(id)
  if (endpoint !== undefined) {
    webhookEndpoints.save({ ...endpoint, internal: { ...endpoint.internal, secrets: rolled(endpoint.internal.secrets) } })
  } else if (destination !== undefined) {
    eventDestinations.save({ ...destination, internal: { ...destination.internal, secrets: rolled(destination.internal.secrets) } })
  } else throw missingResource('webhook endpoint', id)
  return secret

  function rolled(secrets: readonly SigningSecret[]): SigningSecret[] {
    const [newest] = secrets
    return [{ secret, until: null }, ...(newest === undefined ? [] : [{ ...newest, until }])]
  }
}
