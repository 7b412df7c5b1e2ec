import type { Fault } from '../../errors/error.ts'

/** Every fault of a Clerk key, by how such keys begin. A key that is left out has none. */
export function checkClerkKeys(
  keys: { readonly secretKey: unknown; readonly publishableKey: unknown; readonly webhookSecret: unknown },
  faults: Fault[],
): void {
  const { secretKey, publishableKey, webhookSecret } = keys
  if (secretKey !== undefined && modeOf(secretKey, 'sk') === undefined) {
    faults.push({ path: 'secretKey', message: 'Give the secret key, which begins with sk_test_ or sk_live_' })
  }
  const [secret, publishable] = [modeOf(secretKey, 'sk'), modeOf(publishableKey, 'pk')]
  if (secret !== undefined && publishable !== undefined && secret !== publishable) {
    faults.push({ path: 'publishableKey', message: 'Give keys of one instance: one is a test key, the other is live' })
  }
  if (webhookSecret !== undefined && !isSigningSecret(webhookSecret)) {
    faults.push({ path: 'webhookSecret', message: 'Give the signing secret of the endpoint, which begins with whsec_' })
  }
}

/** Stands where a fault was found, so that the other options can be checked too. */
const placeholder = 'https://clerk.invalid'

/**
 * The `iss` of an instance's session tokens: as it was given, or from the publishable key, which holds the address of
 * the Frontend API.
 */
export function parseIssuer(issuer: unknown, publishableKey: unknown, faults: Fault[]): string {
  if (publishableKey !== undefined) {
    const host = hostOf(publishableKey)
    if (host === undefined) {
      faults.push({ path: 'publishableKey', message: 'Give the publishable key, which begins with pk_test_ or pk_live_' })
      return placeholder
    }
    if (issuer === undefined || issuer === `https://${host}`) return `https://${host}`
    faults.push({ path: 'issuer', message: 'The publishable key is of another issuer; give one of the two' })
    return placeholder
  }
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined
  if (typeof issuer === 'string' && url?.protocol === 'https:' && issuer === url.href.replace(/\/$/, '')) return issuer
  faults.push({ path: 'issuer', message: 'Give publishableKey, or the Frontend API URL, such as https://clerk.example.com' })
  return placeholder
}

/** The origins whose sessions are accepted: each in full, none by wildcard. */
export function parseAuthorizedParties(value: unknown, faults: Fault[]): readonly string[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : []
  const origins = given.filter((origin): origin is string => typeof origin === 'string' && /^[a-z][\w+.-]*:\/\/[^/*\s]+$/.test(origin))
  if (origins.length === 0 || origins.length < given.length) {
    faults.push({ path: 'authorizedParties', message: 'Name each origin of the app, such as https://app.example.com; no wildcard, no path' })
  }
  return origins.length > 0 ? origins : [placeholder]
}

function modeOf(key: unknown, prefix: 'sk' | 'pk'): string | undefined {
  return typeof key === 'string' ? new RegExp(`^${prefix}_(test|live)_[\\w+/=-]+$`).exec(key)?.[1] : undefined
}

function hostOf(publishableKey: unknown): string | undefined {
  if (typeof publishableKey !== 'string' || modeOf(publishableKey, 'pk') === undefined) return undefined
  try {
    const address = atob(publishableKey.replace(/^pk_(test|live)_/, ''))
    return /^([a-z\d-]+(?:\.[a-z\d-]+)+(?::\d+)?)\$$/.exec(address)?.[1]
  } catch {
    return undefined
  }
}

function isSigningSecret(secret: unknown): boolean {
  return typeof secret === 'string' && /^whsec_[A-Za-z\d+/]{16,}={0,2}$/.test(secret)
}
