'use client'

/**
 * For those who help customers and look after the catalog: apart from the components that customers see, with a stylesheet of
 * its own, `@farebox/react/admin.css`. The server decides who an admin is.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 *
 * export function Support() {
 *   return (
 *     <BillingProvider labels={{ apiCalls: 'API calls' }}>
 *       <AdminCustomerPanel />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
export { AdminCustomerPanel, type AdminCustomerPanelProps, type AdminCustomerPanelState } from './admin-customer-panel.tsx'
export { type AdminChange, type AdminChangeText, type AdminMessages, adminEnglish } from './admin-messages.ts'
export { type CatalogMessages, type PushGroup, catalogEnglish } from './catalog-messages.ts'
export { type BalancePart, deriveBalance } from './derive-balance.ts'
export { PlanEditor, type PlanEditorProps, type PlanEditorState } from './plan-editor.tsx'
export { type PlanEditorMessages, planEditorEnglish } from './plan-editor-messages.ts'
export {
  type AdminActions, type AdminEndRequest, type AdminGrantRequest, type AdminOverrideRequest, useAdminActions,
} from './use-admin-actions.ts'
export { useAdminCustomer } from './use-admin-customer.ts'
export { useAdminCustomers } from './use-admin-customers.ts'
