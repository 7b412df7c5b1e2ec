import { createHmac } from 'node:crypto'

/** The `stripe-signature` header of a body: HMAC-SHA256 over `<t>.<body>` by each secret, `t` in seconds of real time. */
export function signatureHeader(body: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex'))
  return [`t=${timestamp}`, ...signatures.map((signature) => `v1=${signature}`)].join(',')
}
