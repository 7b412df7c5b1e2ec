import { changeEntitlements } from './change-entitlements.ts'
import type { Context } from './context.ts'
import { drainSoon } from './drain-soon.ts'

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
