'use client'

/**
 * Stories and tests without a server.
 *
 * @example
 * ```tsx
 * import { UsageBar } from '@farebox/react'
 * import { BillingMock, mockSnapshot, mockUsage } from '@farebox/react/testing'
 *
 * export function NearTheLimit() {
 *   return (
 *     <BillingMock snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(96, 100) } })}>
 *       <UsageBar feature="apiCalls" label="API calls" />
 *     </BillingMock>
 *   )
 * }
 * ```
 *
 * @module
 */
export { BillingMock, BillingMockDefaults, type BillingMockProps } from './billing-mock.tsx'
export { mockAdminCustomer, mockAdminCustomers } from './mock-admin.ts'
export { type MockAnswers, mockAnswers, mockPlans } from './mock-answers.ts'
export { type MockClientOptions, type MockServer, createMockClient } from './mock-client.ts'
export { mockPaidSnapshot, mockSnapshot, mockUsage } from './mock-snapshot.ts'
