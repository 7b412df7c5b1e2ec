import { withMeter } from '@farebox/next'
import { redirect } from 'next/navigation'
import { farebox, reach } from '../../billing.ts'

export const GET = withMeter(farebox, 'apiCalls', () => {
  reach('redirect')
  redirect('/upgrade')
})

export const POST = withMeter(farebox, 'apiCalls', (request) => {
  reach('redirect')
  return Response.redirect(new URL('/upgrade', request.url), 303)
})
