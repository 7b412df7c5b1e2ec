import type { BillingError } from '@farebox/core/client'
import type * as React from 'react'
import { problemText } from '../messages/problem-text.ts'
import { retryButton } from '../parts/reading-part.tsx'
import type { Reading } from '../provider/use-snapshot.ts'
import { useAdminWords } from './admin-context.ts'
import type { AdminMessages } from './admin-messages.ts'

/** Why the server refused. */
export function adminRefusal(error: BillingError, words: AdminMessages): string {
  return problemText(error, { problems: words.refusals }, words.unreachable)
}

/** Says why the server did not answer, and offers to try again. */
export function AdminError({ of }: { readonly of: Reading<unknown> }): React.ReactElement {
  const words = useAdminWords()
  return (
    <div data-farebox="" data-slot="error-state" role="alert">
      {of.error && adminRefusal(of.error, words)}{' '}
      {retryButton(of, words.retry)}
    </div>
  )
}
