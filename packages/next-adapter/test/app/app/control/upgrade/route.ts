import { farebox } from '../../billing.ts'

export async function POST(request: Request): Promise<Response> {
  await farebox.override({ customer: await request.text(), plan: 'pro', until: null })
  return new Response(null, { status: 204 })
}
