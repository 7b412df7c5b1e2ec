import { Hono } from 'hono'
import type { AppFarebox } from '../farebox.ts'
import type { SignIn } from './sign-in.ts'

/** `POST /dev/sign-in {"userId"}` answers `{"token"}`. Mounted only while developing. */
export function developmentRoutes(farebox: AppFarebox, signIn: SignIn): Hono {
  return new Hono().post('/sign-in', async (context) => {
    const body: unknown = await context.req.json().catch(() => null)
    const userId = typeof body === 'object' && body !== null && 'userId' in body ? body.userId : undefined
    if (typeof userId !== 'string' || !/^[\w.@-]{1,64}$/.test(userId)) {
      return context.json({ error: 'Give a userId of 1 to 64 letters, digits or . _ @ -' }, 400)
    }
    const planClaims = await farebox.planClaims({ customer: userId })
    return context.json({ token: await signIn.tokenFor(userId, planClaims) })
  })
}
