import * as React from 'react'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { type AdminMessages, adminEnglish } from './admin-messages.ts'

/** The app's own words for everything of the panel. */
export const AdminWordsContext: React.Context<Partial<AdminMessages> | undefined> = /* @__PURE__ */ React.createContext<Partial<AdminMessages> | undefined>(undefined)

/** The panel's words: the app's own, else English; those that all components share come from the provider. */
export function useAdminWords(): CommonMessages & AdminMessages {
  return { ...adminEnglish, ...useMessages<CommonMessages>(commonEnglish), ...React.useContext(AdminWordsContext) }
}
