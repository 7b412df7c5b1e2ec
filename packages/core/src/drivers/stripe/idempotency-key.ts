/**
 * An idempotency key that is the same for the same intent and parameters, on every machine and after a restart, and
 * another one as soon as a parameter differs: https://docs.stripe.com/api/idempotent_requests
 */
export async function idempotencyKeyOf(intent: string, parameters: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parameters))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `farebox:${intent}:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
