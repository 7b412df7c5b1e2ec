import type * as React from 'react'
import { CreditBalance } from '../usage/credit-balance.tsx'
import { UsageDashboard } from '../usage/usage-dashboard.tsx'
import { NoticeList } from './notice-list.tsx'

/** Sections of what the snapshot tells, in one file: several smaller ones weigh more. */
export const snapshotSections: Readonly<Record<'notices' | 'usage' | 'credits', React.ComponentType>> = {
  notices: NoticeList,
  usage: UsageDashboard,
  credits: CreditBalance,
}
