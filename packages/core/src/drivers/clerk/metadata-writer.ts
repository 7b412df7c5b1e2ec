import { type PlanClaims, planClaimsName } from '../../domain/plan-claims.ts'
import { FareboxError } from '../../errors/error.ts'
import type { ClaimsWriter } from '../../ports/auth.ts'

/** What is written to a user or an organization: names that are not given stay as they are. */
export interface MetadataChange {
  readonly publicMetadata: { [name: string]: unknown }
}

/** The part of `@clerk/backend`'s client that is used. */
export interface ClerkClient {
  readonly users: { updateUserMetadata(id: string, change: MetadataChange): Promise<unknown> }
  readonly organizations: { updateOrganizationMetadata(id: string, change: MetadataChange): Promise<unknown> }
}

/** Says "never" in metadata, where writing `null` removes a name: the last second of the year 9999. */
export const neverInMetadata = 253_402_300_799

/**
 * Writes plan claims to `public_metadata.farebox` of the user or organization, merged with what else is there. They
 * name their customer, so that one's claims never decide for another. Writing the same twice is harmless. A customer
 * that Clerk has deleted or never had needs no claims: that is success.
 *
 * @throws FareboxError `unavailable` when Clerk does not take them; to be tried again.
 */
export function createMetadataWriter(client: () => Promise<ClerkClient>): ClaimsWriter {
  return {
    async write(customer, claims) {
      const kind = /^(user|org)_\w+$/.exec(customer)?.[1]
      if (kind === undefined) return
      const { users, organizations } = await client()
      const change = { publicMetadata: { [planClaimsName]: metadataOf(customer, claims) } }
      try {
        await (kind === 'user'
          ? users.updateUserMetadata(customer, change)
          : organizations.updateOrganizationMetadata(customer, change))
      } catch (error) {
        const status = statusOf(error)
        if (status === 404) return
        throw new FareboxError('unavailable', 'Clerk did not take the plan claims', { reason: `clerk-${status ?? 'unreachable'}` })
      }
    },
  }
}

function metadataOf(customer: string, claims: PlanClaims): Readonly<Record<string, unknown>> {
  return { ...claims, until: claims.until ?? neverInMetadata, customer }
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' ? status : undefined
}
