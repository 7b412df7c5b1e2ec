import type { Account } from '../account.ts'
import type { Dispute } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { closeDispute, isClosed } from '../lifecycle/people/close-dispute.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface Evidence {
  readonly evidence?: { readonly uncategorized_text?: string; readonly [field: string]: unknown }
  readonly metadata?: MetadataChange | null
  readonly submit?: boolean
}

export const disputeRoutes: Routes = {
  'disputes.retrieve': retrieveRoute('disputes'),
  'disputes.list': listRoute('disputes', { fields: ['charge', 'created', 'payment_intent'] }),
  'disputes.update': route<Evidence>({
    supports: ['evidence.uncategorized_text', 'metadata', 'submit'],
    handle: ({ account, id, parameters }) => render(account.store, answerDispute(account, id, parameters)),
  }),
  'disputes.close': route({
    handle: ({ account, id }) => render(account.store, closeDispute(account, id, 'lost')),
  }),
}

/**
 * Adds evidence and, unless told otherwise, submits it. In test mode the text `winning_evidence` wins the dispute and
 * `losing_evidence` loses it (https://docs.stripe.com/testing#disputes).
 */
function answerDispute(account: Account, id: string, given: Evidence): Dispute {
  const before = get(account.store.disputes, id)
  const metadata = changeMetadata(before.metadata, given.metadata)
  if (given.evidence === undefined) {
    return changeObject(account, 'disputes', before, { metadata }, 'charge.dispute.updated')
  }
  if (isClosed(before)) throw invalidRequest(`This dispute is already closed: it is ${before.status}.`, { param: 'evidence' })
  const isSubmitted = given.submit !== false
  const details = { ...before.evidence_details, has_evidence: true, ...(isSubmitted && { submission_count: 1, submission_method: 'manual' }) }
  const changes = {
    evidence: { ...before.evidence, ...given.evidence },
    evidence_details: details,
    metadata,
    ...(isSubmitted && before.status === 'needs_response' && { status: 'under_review' as const }),
  }
  const answered = changeObject(account, 'disputes', before, changes, 'charge.dispute.updated')
  const text = given.evidence.uncategorized_text
  if (isSubmitted && text === 'winning_evidence') return closeDispute(account, id, 'won')
  if (isSubmitted && text === 'losing_evidence') return closeDispute(account, id, 'lost')
  return answered
}
