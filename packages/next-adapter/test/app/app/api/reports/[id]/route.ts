import { requireFeature, requirePlan } from '@farebox/next'
import { farebox, reach } from '../../../billing.ts'

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

export const GET = requirePlan(farebox, 'pro', async (_request, { params }: Context) =>
  Response.json({ text: reach('report'), id: (await params).id }),
)

export const POST = requireFeature(farebox, 'exports', async (_request, { params }: Context) =>
  Response.json({ text: reach('report-post'), id: (await params).id }),
)
