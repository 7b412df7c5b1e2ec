import type { Identity } from '../../ports/auth.ts'
import { isObject } from '../jose/compact-token.ts'
import { refuse } from '../jose/refusal.ts'

type Organization = Identity['organization']
type Claims = Readonly<Record<string, unknown>>

const longestName = 255
const longestList = 4096
const firstVersion = ['org_id', 'org_role', 'org_slug', 'org_permissions']

/**
 * The active organization of a session, in either version of Clerk's claims
 * (https://clerk.com/docs/guides/sessions/session-tokens). A role is told without the prefix `org:`.
 *
 * @throws FareboxError `unauthenticated` (`claim-invalid`) for another version, a mixture of both, or a malformed element.
 */
export function organizationOf(claims: Claims): Organization {
  const { v: version = 1, o: active } = claims
  if (version === 1 && active === undefined) return firstOrganization(claims)
  if (version === 2 && !firstVersion.some((name) => name in claims)) return secondOrganization(active)
  throw refuse('claim-invalid')
}

/**
 * A session that still has to choose an organization or finish a task counts as signed out, as in Clerk itself.
 *
 * @throws FareboxError `unauthenticated` (`session-pending`, `claim-invalid`)
 */
export function checkSessionStatus(status: unknown): void {
  if (status === undefined || status === 'active') return
  throw refuse(status === 'pending' ? 'session-pending' : 'claim-invalid')
}

function firstOrganization({ org_id: id, org_role: role }: Claims): Organization {
  if (!isName(role)) throw refuse('claim-invalid')
  if (id === undefined || id === null) return null
  return { id: nameOf(id), role: roleOf(role) }
}

function secondOrganization(active: unknown): Organization {
  if (active === undefined || active === null) return null
  if (!isObject(active)) throw refuse('claim-invalid')
  const { id, slg: slug, rol: role, per: permissions, fpm: map } = active
  if (!isName(slug) || !isName(role) || !isList(permissions) || !isList(map)) throw refuse('claim-invalid')
  if (typeof map === 'string' && !/^[\d,]*$/.test(map)) throw refuse('claim-invalid')
  return { id: nameOf(id), role: roleOf(role) }
}

function nameOf(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > longestName) throw refuse('claim-invalid')
  return value
}

function roleOf(role: string | null | undefined): string | null {
  return role?.replace(/^org:/, '') ?? null
}

function isName(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || (typeof value === 'string' && value.length <= longestName)
}

function isList(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || (typeof value === 'string' && value.length <= longestList)
}
