import { sessionAuth } from '@farebox/core/drivers/session'
import { cookies } from 'next/headers'

/** The cookie that says who is asking. */
export const cookie = 'session'

/** A stand-in: whoever asks is whoever the cookie says. Only while developing; anywhere else it lets nobody in. */
export const auth = sessionAuth({ find: (name) => (process.env.NODE_ENV === 'development' ? { subject: name } : null) })

/** The id of who is signed in, to be greeted. What somebody may do is decided where it is done, by Farebox. */
export async function whoIsIn(): Promise<string | undefined> {
  const token = (await cookies()).get(cookie)?.value
  if (token === undefined) return undefined
  try {
    return (await auth.verifier.verify(token)).subject
  } catch {
    return undefined
  }
}
