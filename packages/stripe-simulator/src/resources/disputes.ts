import type { Account } from '../account.ts'
import type { Dispute } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { closeDispute, isClosed } from '../lifecycle/close-dispute.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface Evidence {
  readonly evidence?: { readonly uncategorized_text?: string; readonly [field: string]: unknown }
  readonly metadata?: MetadataChange | null
  readonly submit?: boolean
}

interface DisputeFilter extends PageParameters {
  readonly charge?: string
  readonly created?: InstantFilter
  readonly payment_intent?: string
}

export const disputeRoutes: Routes = {
  'disputes.retrieve': route({
    answers: 'dispute',
    handle: ({ account, id }) => render(account.store, get(account.store.disputes, id)),
  }),
  'disputes.list': route<DisputeFilter>({
    answers: 'dispute',
    supports: [...pageParameters, 'charge', 'created', 'payment_intent'],
    handle({ account, parameters }) {
      const { disputes } = account.store
      const { charge, created, payment_intent } = parameters
      const matches = disputes
        .newestFirst()
        .filter((dispute) => charge === undefined || dispute.charge === charge)
        .filter((dispute) => isWithin(dispute.created, created))
        .filter((dispute) => payment_intent === undefined || dispute.payment_intent === payment_intent)
      return { ...listPage(account.store, disputes, matches, parameters, '/v1/disputes') }
    },
  }),
  'disputes.update': route<Evidence>({
    answers: 'dispute',
    supports: ['evidence.uncategorized_text', 'metadata', 'submit'],
    handle: ({ account, id, parameters }) => render(account.store, answerDispute(account, id, parameters)),
  }),
  'disputes.close': route({
    answers: 'dispute',
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
    const labelled = account.store.disputes.save({ ...before, metadata })
    account.emit('charge.dispute.updated', labelled, before)
    return labelled
  }
  if (isClosed(before)) throw invalidRequest(`This dispute is already closed: it is ${before.status}.`, { param: 'evidence' })
  const isSubmitted = given.submit !== false
  const details = { ...before.evidence_details, has_evidence: true, ...(isSubmitted && { submission_count: 1, submission_method: 'manual' }) }
  const answered = account.store.disputes.save({
    ...before,
    evidence: { ...before.evidence, ...given.evidence },
    evidence_details: details,
    metadata,
    ...(isSubmitted && before.status === 'needs_response' && { status: 'under_review' }),
  })
  account.emit('charge.dispute.updated', answered, before)
  const text = given.evidence.uncategorized_text
  if (isSubmitted && text === 'winning_evidence') return closeDispute(account, id, 'won')
  if (isSubmitted && text === 'losing_evidence') return closeDispute(account, id, 'lost')
  return answered
}
