import { withMeter } from '@farebox/next'
import { farebox, reach } from '../../billing.ts'

export const GET = withMeter(farebox, 'apiCalls', () => new Response(reach('failure'), { status: 500 }))

export const POST = withMeter(farebox, 'apiCalls', () => {
  throw new Error(reach('failure'))
})
