/**
 * The app's own sessions: sign-in whose tokens are looked up, not verified.
 *
 * @module
 */
export { sessionAuth } from './session-auth.ts'
export type { Session, SessionAuthOptions } from './session-auth.ts'
