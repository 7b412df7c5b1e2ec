import type { Identity } from '../../ports/auth.ts'

/** What Clerk Billing says in a session token of the customer that the token acts for. */
export interface ClerkBilling {
  /** The plan's slug. */
  readonly plan: string
  /** Slugs of features. */
  readonly features: readonly string[]
}

type Scope = 'o' | 'u'

const longestClaim = 4096
const mostElements = 200
const element = /^(o|u|ou|uo):([\w-]{1,64})$/

/**
 * The plan and features that Clerk Billing put into `pla` and `fea`, in the scope of the active organization, else of
 * the user: a person's plan is not the organization's. `null`, which entitles to nothing, where there is no such plan or
 * an element is malformed. Never throws. For rules of your own: nothing that Farebox decides looks at it.
 */
export function clerkBillingOf(identity: Pick<Identity, 'organization' | 'claims'>): ClerkBilling | null {
  const { pla: plans, fea: features = '' } = identity.claims
  const scope = identity.organization === null ? 'u' : 'o'
  const named = parseScoped(plans, scope)
  const granted = parseScoped(features, scope)
  const [plan, ...others] = named ?? []
  if (plan === undefined || others.length > 0 || granted === undefined) return null
  return { plan, features: granted }
}

/** The elements in a scope; `undefined` when any element, of whichever scope, is malformed. */
function parseScoped(claim: unknown, scope: Scope): readonly string[] | undefined {
  if (claim === '') return []
  if (typeof claim !== 'string' || claim.length > longestClaim) return undefined
  const elements = claim.split(',')
  const parsed = elements.map((text) => element.exec(text))
  if (elements.length > mostElements || parsed.includes(null)) return undefined
  return parsed.flatMap((match) => (match?.[1]?.includes(scope) === true && match[2] !== undefined ? [match[2]] : []))
}
