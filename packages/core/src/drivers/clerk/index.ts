/**
 * Sign-in with Clerk: session tokens, plan claims in metadata, webhooks about accounts.
 *
 * @module
 */
export { clerkAuth } from './clerk-auth.ts'
export type { ClerkAuthOptions } from './clerk-auth.ts'
export type { ClerkClient, MetadataChange } from './metadata-writer.ts'
export { clerkBillingOf } from './clerk-billing.ts'
export type { ClerkBilling } from './clerk-billing.ts'
