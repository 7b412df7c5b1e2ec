import type * as React from 'react'
import type { Reading } from '../provider/use-snapshot.ts'
import { useAdminWords } from './admin-context.ts'

/** Says why the server did not answer, and offers to try again. */
export function AdminError({ of }: { readonly of: Reading<unknown> }): React.ReactElement {
  const words = useAdminWords()
  return (
    <div data-farebox="" data-slot="error-state" role="alert">
      {of.error && words.refused(of.error)}{' '}
      <button type="button" data-slot="retry" onClick={of.refetch}>{words.retry}</button>
    </div>
  )
}
