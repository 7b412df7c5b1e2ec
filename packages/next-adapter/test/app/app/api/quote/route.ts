import { requireAuth, withMeter } from '@farebox/next'
import { farebox, reach } from '../../billing.ts'

export const GET = withMeter(farebox, 'apiCalls', (_request, _context, { caller, decision }) =>
  Response.json({ text: reach('quote'), customer: caller.customer, remaining: decision.remaining }),
)

export const POST = withMeter(farebox, 'apiCalls', () => Response.json({ text: reach('quote-post') }), {
  amount: 2,
  idempotency: 'header',
})

export const DELETE = requireAuth(farebox, () => new Response(reach('quote-delete')), { role: 'admin' })
