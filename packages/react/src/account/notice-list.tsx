import * as React from 'react'
import { BillingNotice } from '../notices/billing-notice.tsx'
import { useNotices } from '../notices/use-notices.ts'

/** All that there is to know. The first stays what it is whatever it says, and so can tell what has become critical. */
export function NoticeList(): React.ReactElement {
  const others = useNotices().data?.slice(1)
  return (
    <>
      <BillingNotice />
      {others?.map((notice) => <BillingNotice key={notice.notice.kind} notice={notice} />)}
    </>
  )
}
