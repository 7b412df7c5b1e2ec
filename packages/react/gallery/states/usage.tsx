import { UsageBar } from '@farebox/react'
import { BillingMock, type BillingMockProps, mockSnapshot, mockUsage } from '@farebox/react/testing'
import type { GalleryStates } from '../gallery-states.ts'

function bar(props: BillingMockProps) {
  return () => (
    <BillingMock {...props}>
      <UsageBar feature="apiCalls" label="API calls" />
    </BillingMock>
  )
}

function used(...of: Parameters<typeof mockUsage>) {
  return bar({ snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(...of) } }) })
}

/** Every state of the components about usage. */
export const usageStates: GalleryStates = {
  'UsageBar, loading': bar({ snapshot: null, server: 'loading' }),
  'UsageBar, failed': bar({ snapshot: null, server: 'failing' }),
  'UsageBar, stale': bar({ server: 'failing' }),
  'UsageBar, empty': bar({ snapshot: mockSnapshot({ usage: {} }) }),
  'UsageBar, unused': used(0, 5),
  'UsageBar, partly used': used(3, 5),
  'UsageBar, reserved': used(1, 5, { reserved: 2 }),
  'UsageBar, near the limit': used(4, 5),
  'UsageBar, at the limit': used(5, 5),
  'UsageBar, over the limit': used(120, 100),
  'UsageBar, unlimited': used(1234, null),
}
