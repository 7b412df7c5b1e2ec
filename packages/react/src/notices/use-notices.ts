import { type NoticeShown, deriveNotices } from '@farebox/core/client'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** What the customer should know, most pressing first, each matter once. */
export function useNotices(): Reading<readonly NoticeShown[]> {
  return useSnapshot(deriveNotices)
}
