import type { Context } from '../context.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { changeEntitlements } from './change-entitlements.ts'

/** As `changeEntitlements`, and delivers what follows before it answers. */
export async function changeAndDeliver<Result>(
  context: Context,
  customer: string,
  decide: Parameters<typeof changeEntitlements<Result>>[2],
): Promise<Result> {
  const { result } = await changeEntitlements(context, customer, decide)
  await drainSoon(context, customer)
  return result
}
