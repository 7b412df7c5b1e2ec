import { createHmac } from 'node:crypto'

/** The `stripe-signature` header of a body: HMAC-SHA256 over `<t>.<body>`, `t` in seconds of real time. */
export function signatureHeader(body: string, secret: string, timestamp: number): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')
  return `t=${timestamp},v1=${signature}`
}
